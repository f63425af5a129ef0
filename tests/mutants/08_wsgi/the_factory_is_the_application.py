# mistake: does not call the factory
# module: loading.py
# check: test_loading.py::test_found
# phrase: make
def load(name: str, folder: Path | None = None) -> Application:
    """The application that is called so: "flaskapp:app", "project.wsgi", "shop:create_app()".

    The module is looked for in the folder we were started in (or in `folder`), then where Python
    finds modules. With "()" it is what the function returns. NoApplication where there is none.
    """
    if not NAME.fullmatch(name):
        raise NoApplication(f"An application is named module:attribute, not {name!r}.")
    module_name, _, path = name.partition(":")
    sys.path.insert(0, str(folder or Path.cwd()))
    step_aside()
    try:
        found: object = importlib.import_module(module_name)
    except ModuleNotFoundError as error:
        if error.name and (module_name == error.name or module_name.startswith(f"{error.name}.")):
            raise NoApplication(f"There is no module {error.name!r}.") from None
        raise NoApplication(
            f"{module_name} needs {error.name!r}, which is not installed."
        ) from None
    except Exception:
        trace = quoted(traceback.format_exc())
        raise NoApplication(f"{module_name} cannot be imported:\n{trace}") from None
    is_factory = path.endswith("()")
    for part in (path.removesuffix("()") or DEFAULT_NAME).split("."):
        try:
            found = getattr(found, part)
        except AttributeError:
            raise NoApplication(f"{module_name} has nothing called {part!r}.") from None
    if callable(found) and is_factory:
        found = found
    if not callable(found):
        raise NoApplication(f"{name} is not an application: it cannot be called.")
    return found

"""Finding an application by its name: `module:attribute`."""

import importlib
import re
import sys
import traceback
from collections.abc import Callable
from pathlib import Path

from server_log import quoted
from wsgi import Application

DEFAULT_NAME = "application"
"""What an application is called where only its module is named, as PEP 3333's examples do."""

NAME = re.compile(r"\w+(\.\w+)*(:(\w+(\.\w+)*(\(\))?)?)?")


class NoApplication(Exception):
    """There is no application of that name; the text says why, for whoever started the server."""


def load(name: str, folder: Path | None = None) -> Application:
    """The application that is called so: "flaskapp:app", "project.wsgi", "shop:create_app()".

    The module is looked for in the folder we were started in (or in `folder`), then where Python
    finds modules. Without a name it is DEFAULT_NAME; with "()" it is what the function returns.
    NoApplication where there is none.
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
    hint = "" if path else f" (Write {module_name}:NAME.)"
    for part in (path.removesuffix("()") or DEFAULT_NAME).split("."):
        try:
            found = getattr(found, part)
        except AttributeError:
            raise NoApplication(f"{module_name} has nothing called {part!r}.{hint}") from None
    if callable(found) and is_factory:
        found = made(name, found)
    if not callable(found):
        raise NoApplication(f"{name} is not an application: it cannot be called.")
    return found


def step_aside() -> None:
    """Forget under which names our own modules were imported; we have them, and need no names.

    An application may well have an `app` or an `errors` of its own. Without this its imports would
    find ours, as those are there already.
    """
    home = Path(__file__).parent
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None)
        if file and Path(file).parent == home and name != "__main__" and "." not in name:
            del sys.modules[name]


def made(name: str, factory: Callable[[], object]) -> object:
    """What the factory makes; NoApplication where it fails."""
    try:
        return factory()
    except Exception:
        trace = quoted(traceback.format_exc())
        raise NoApplication(f"{name} cannot be made:\n{trace}") from None

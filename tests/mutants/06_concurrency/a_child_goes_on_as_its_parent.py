# mistake: a child ends by an exception, which its parent's code may catch
# module: prefork.py
# check: test_prefork.py::test_child_never_comes_back
# phrase: the child goes on as its parent would
def live_as_child(service: Service, parent: int) -> NoReturn:
    """A child's whole life. It never comes back: the code around the fork is its parent's."""
    status = 1
    try:
        serve_as_child(service, parent)
        status = 0
    except BaseException:
        tell_failure()
    finally:
        try:
            sys.stdout.flush()
        finally:
            sys.exit(status)

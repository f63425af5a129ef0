# mistake: PATH_INFO keeps the prefix
# module: extras/mounting.py
# check: test_mounting.py::TestEnviron::test_path_moves
# phrase: /shop/a/b
class Mount:
    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """The answer of the application whose prefix is the longest that fits; 404 where none does.

        "/shop" fits /shop and /shop/cart, and not /shopping. What fits moves from the front of
        PATH_INFO to the end of SCRIPT_NAME, so that the application still knows the whole path,
        and can make addresses of its own (PEP 3333, "environ Variables"). That happens in a copy:
        whoever calls us finds the environ as it was.
        """
        path = environ.get("PATH_INFO", "")
        prefix = self.prefix_of(path)
        if prefix is None:
            start_response("404 Not Found", [("Content-Type", "text/plain; charset=utf-8")])
            return [] if environ["REQUEST_METHOD"] == "HEAD" else [NOT_FOUND]
        moved = {
            "SCRIPT_NAME": environ.get("SCRIPT_NAME", "") + prefix,
            "PATH_INFO": path,
        }
        return self.applications[prefix]({**environ, **moved}, start_response)

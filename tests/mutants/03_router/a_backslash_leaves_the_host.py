# mistake: only two slashes are known to name a host
# module: router.py
# check: test_router.py::TestRedirect::test_never_to_another_host
# phrase: would name a host


class Router:
    def with_other_slash(self, request: Request) -> str:
        """Browsers read a backslash as a slash."""
        path = request.path
        other = path.rstrip("/") if path.endswith("/") else path + "/"
        if path.startswith("//") or self.matching(path) or not self.matching(other):
            return ""
        return f"{other}?{request.target.query}" if request.target.query else other

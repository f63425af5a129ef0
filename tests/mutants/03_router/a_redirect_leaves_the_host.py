# mistake: a path of two slashes is sent to the host that it names
# module: router.py
# check: test_router.py::TestRedirect::test_never_to_another_host
# phrase: would name a host


class Router:
    def with_other_slash(self, request: Request) -> str:
        """Any path will do."""
        path = request.path
        other = path.rstrip("/") if path.endswith("/") else path + "/"
        if self.matching(path) or not self.matching(other):
            return ""
        return f"{other}?{request.target.query}" if request.target.query else other

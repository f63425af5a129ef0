# mistake: the query is not in Location
# module: router.py
# check: test_server.py::test_slash_too_many
# phrase: /about?q=%2F&q


class Router:
    def with_other_slash(self, request: Request) -> str:
        """The path alone."""
        path = request.path
        other = path.rstrip("/") if path.endswith("/") else path + "/"
        if path.startswith(("//", "/\\")) or self.matching(path) or not self.matching(other):
            return ""
        return other

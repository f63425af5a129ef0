# mistake: HEAD is answered only where it was registered
# module: router.py
# check: test_router.py::TestFind::test_endpoint
# phrase: HEAD by GET


class Router:
    def find(self, method: str, path: str) -> tuple[Endpoint, dict[str, Any]]:
        """Look for the method itself."""
        matching = self.matching(path)
        if not matching:
            raise HTTPError(404, "There is nothing at this address.")
        for route, values in matching:
            if method in route.methods:
                return route.endpoint, values
        methods = allowed(route for route, _ in matching)
        if method == "OPTIONS":
            return lambda request, **values: options_response(methods), {}
        allow = ", ".join(sorted(methods))
        raise HTTPError(405, f"At this address you can use {allow}.", Fields({"Allow": allow}))

# mistake: Allow lists GET, but not HEAD
# module: router.py
# check: test_router.py::TestFind::test_no_such_method
# phrase: HEAD


class Router:
    def find(self, method: str, path: str) -> tuple[Endpoint, dict[str, Any]]:
        """Only what was registered."""
        matching = self.matching(path)
        if not matching:
            raise HTTPError(404, "There is nothing at this address.")
        for wanted in [method, "GET"] if method == "HEAD" else [method]:
            for route, values in matching:
                if wanted in route.methods:
                    return route.endpoint, values
        methods = {"OPTIONS"}.union(*(route.methods for route, _ in matching))
        if method == "OPTIONS":
            return lambda request, **values: options_response(methods), {}
        allow = ", ".join(sorted(methods))
        raise HTTPError(405, f"At this address you can use {allow}.", Fields({"Allow": allow}))

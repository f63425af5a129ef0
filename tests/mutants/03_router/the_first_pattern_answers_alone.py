# mistake: 405 although a more general pattern has the method
# module: router.py
# check: test_router.py::TestFind::test_endpoint
# phrase: general where only that has the method


class Router:
    def find(self, method: str, path: str) -> tuple[Endpoint, dict[str, Any]]:
        """Only the most specific pattern counts."""
        matching = self.matching(path)
        if not matching:
            raise HTTPError(404, "There is nothing at this address.")
        matching = [
            found for found in matching if found[0].pattern.text == matching[0][0].pattern.text
        ]
        for wanted in [method, "GET"] if method == "HEAD" else [method]:
            for route, values in matching:
                if wanted in route.methods:
                    return route.endpoint, values
        methods = allowed(route for route, _ in matching)
        if method == "OPTIONS":
            return lambda request, **values: options_response(methods), {}
        allow = ", ".join(sorted(methods))
        raise HTTPError(405, f"At this address you can use {allow}.", Fields({"Allow": allow}))

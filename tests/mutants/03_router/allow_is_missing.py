# mistake: 405 does not say which methods there are
# module: router.py
# check: test_server.py::TestMethods::test_no_such_method
# phrase: a field is missing: Allow


class Router:
    def find(self, method: str, path: str) -> tuple[Endpoint, dict[str, Any]]:
        """Refuse, and say no more."""
        matching = self.matching(path)
        if not matching:
            raise HTTPError(404, "There is nothing at this address.")
        for wanted in [method, "GET"] if method == "HEAD" else [method]:
            for route, values in matching:
                if wanted in route.methods:
                    return route.endpoint, values
        methods = allowed(route for route, _ in matching)
        if method == "OPTIONS":
            return lambda request, **values: options_response(methods), {}
        raise HTTPError(405, "Not with this method.")

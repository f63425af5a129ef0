# mistake: routes are tried in the order in which they were registered
# module: router.py
# check: test_router.py::test_every_order_of_registration
# phrase: whatever the order of registration


class Router:
    def route(
        self, pattern: str, *methods: str, name: str = ""
    ) -> Callable[[Endpoint], Endpoint]:
        """Append, and never sort."""

        def register(endpoint: Endpoint) -> Endpoint:
            route = Route(Pattern(pattern), methods, endpoint, name or endpoint.__name__)
            self.routes.append(route)
            return endpoint

        return register

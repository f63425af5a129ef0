# mistake: puts the links of all routes into one bag: what one route has seems to be everybody's
# module: sources.py
# check: test_sources.py::TestRoutes::test_order_of_each_route
# phrase: dict_keys([])


class Routes:
    @property
    def inside_of(self) -> dict[str, str]:
        """A route with its own CORS makes all others look as if they had it."""
        return demands([link for _, links in self.branches for link in links])

# mistake: any origin that ends with the name of our host is taken for our own
# module: guards.py
# check: test_guards.py::TestOwnPages::test_foreign_page
# phrase: ends like ours


class OwnPages:
    def before_request(self, request: Request) -> None:
        """Whoever is of our domain may: the origin ends with our name."""
        origin = request.fields.get("Origin")
        if request.method not in UNSAFE_METHODS or origin in self.origins:
            return
        if origin:
            foreign = not origin.lower().endswith(request.host.lower())
        else:
            foreign = request.fields.get("Sec-Fetch-Site") == "cross-site"
        if foreign:
            raise HTTPError(403, "A page of another site may not change anything here.")

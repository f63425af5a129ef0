# mistake: an origin that begins like ours is ours
# module: guards.py
# check: test_guards.py::TestOwnPages::test_foreign_page
# phrase: [begins like ours]


class OwnPages(Hooks):
    def before_request(self, request: Request) -> None:
        """https://here.example.evil.example begins with https://here.example."""
        origin = request.fields.get("Origin")
        if request.method not in UNSAFE_METHODS or origin in self.origins:
            return
        host = request.host.lower()
        if origin:
            foreign = not origin.lower().startswith((f"http://{host}", f"https://{host}"))
        else:
            foreign = request.fields.get("Sec-Fetch-Site") == "cross-site"
        if foreign:
            raise HTTPError(403, "A page of another site may not change anything here.")

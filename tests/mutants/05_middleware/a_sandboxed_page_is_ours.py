# mistake: the origin null is taken for none
# module: guards.py
# check: test_guards.py::TestOwnPages::test_foreign_page
# phrase: [sandboxed page]


class OwnPages(Hooks):
    def before_request(self, request: Request) -> None:
        """Any site can put a form into a sandboxed frame: its origin is null."""
        origin = request.fields.get("Origin")
        if request.method not in UNSAFE_METHODS or origin in self.origins or origin == "null":
            return
        host = request.host.lower()
        if origin:
            foreign = origin.lower() not in (f"http://{host}", f"https://{host}")
        else:
            foreign = request.fields.get("Sec-Fetch-Site") == "cross-site"
        if foreign:
            raise HTTPError(403, "A page of another site may not change anything here.")

# mistake: the origin is taken apart by what raises ValueError
# module: guards.py
# check: test_guards.py::TestOwnPages::test_foreign_page
# phrase: ValueError: Invalid IPv6 URL


from urllib.parse import urlsplit


class OwnPages(Hooks):
    def before_request(self, request: Request) -> None:
        """A stranger writes "http://[", and the log gets a traceback each time."""
        origin = request.fields.get("Origin")
        if request.method not in UNSAFE_METHODS or origin in self.origins:
            return
        if origin:
            foreign = urlsplit(origin).netloc.lower() != request.host.lower()
        else:
            foreign = request.fields.get("Sec-Fetch-Site") == "cross-site"
        if foreign:
            raise HTTPError(403, "A page of another site may not change anything here.")

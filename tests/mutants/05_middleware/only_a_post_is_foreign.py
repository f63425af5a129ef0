# mistake: thinks that only forms come from other sites, and so only POST
# module: guards.py
# check: test_guards.py::TestOwnPages::test_browser_that_names_no_origin
# phrase: [cross-site-False-PUT]


class OwnPages:
    def before_request(self, request: Request) -> None:
        """A PUT without an origin passes."""
        origin = request.fields.get("Origin")
        if request.method not in UNSAFE_METHODS or origin in self.origins:
            return
        if origin:
            ours = [f"{scheme}://{request.host.lower()}" for scheme in ("http", "https")]
            foreign = origin.lower() not in ours
        else:
            is_form = request.method == "POST"
            foreign = is_form and request.fields.get("Sec-Fetch-Site") == "cross-site"
        if foreign:
            raise HTTPError(403, "A page of another site may not change anything here.")

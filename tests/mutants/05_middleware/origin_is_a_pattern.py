# mistake: an origin is compared as a regular expression
# module: cors.py
# check: test_cors.py::TestMark::test_other_origin
# phrase: [False-dot]


class CORS:
    def allows(self, request: Request) -> bool:
        """A dot stands for any character."""
        origin = request.fields.get("Origin")
        return any(re.fullmatch(one.replace("*", ".+"), origin) for one in self.origins)

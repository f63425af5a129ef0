# mistake: an origin that begins like an allowed one is allowed
# module: cors.py
# check: test_cors.py::TestMark::test_other_origin
# phrase: [False-begins like it]


class CORS:
    def allows(self, request: Request) -> bool:
        """https://shop.example.evil.example begins like https://shop.example."""
        origin = request.fields.get("Origin")
        return any(origin.startswith(one) for one in self.origins) or "*" in self.origins

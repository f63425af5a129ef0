# mistake: only the beginning of the id is looked at
# module: tracing.py
# check: test_tracing.py::TestRequestId::test_anything_else_is_replaced
# phrase: [too long]


class RequestId:
    def __call__(self, request: Request, next: Handler) -> Response:
        """`match` is content with a beginning."""
        given = request.fields.get("X-Request-ID")
        request_id = given if WELL_FORMED.match(given) else secrets.token_hex(16)
        request.context["request_id"] = request_id
        response = next(request)
        response.fields["X-Request-ID"] = request_id
        return response

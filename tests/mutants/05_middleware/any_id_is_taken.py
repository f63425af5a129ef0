# mistake: the client's id is taken as it comes
# module: tracing.py
# check: test_tracing.py::TestRequestId::test_anything_else_is_replaced
# phrase: [quote]


class RequestId:
    def __call__(self, request: Request, next: Handler) -> Response:
        """Whatever stands in it will stand in the log."""
        request_id = request.fields.get("X-Request-ID") or secrets.token_hex(16)
        request.context["request_id"] = request_id
        response = next(request)
        response.fields["X-Request-ID"] = request_id
        return response

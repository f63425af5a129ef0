# mistake: the id is chosen when the answer is there
# module: tracing.py
# check: test_tracing.py::TestRequestId::test_well_formed_id_is_kept
# phrase: KeyError: 'request_id'


class RequestId:
    def __call__(self, request: Request, next: Handler) -> Response:
        """No link inside and no endpoint knows it: the log has no ids."""
        response = next(request)
        given = request.fields.get("X-Request-ID")
        request_id = given if WELL_FORMED.fullmatch(given) else secrets.token_hex(16)
        request.context["request_id"] = request_id
        response.fields["X-Request-ID"] = request_id
        return response

# mistake: an HTTPError is an exception like any other
# module: server.py
# check: test_server.py::TestLastNet::test_http_error
# phrase: assert 500 == 404


def answer(request: Request, handler: Handler) -> Response:
    """What was not found becomes our fault."""
    try:
        return handler(request)
    except Exception:
        tell_failure()
        error = HTTPError(500, "The server made a mistake.")
        return error_response(error, request.fields.get("Accept"))

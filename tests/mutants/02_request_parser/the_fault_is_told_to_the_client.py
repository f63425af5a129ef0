# mistake: a 500 tells the client what went wrong inside
# module: server.py
# check: test_server.py::test_handler_that_fails
# phrase: assert b'secret' not in


def answer(request: Request, handler: Handler) -> Response:
    """Tell all."""
    accept = request.fields.get("Accept")
    try:
        return handler(request)
    except HTTPError as error:
        return error_response(error, accept)
    except Exception:
        traceback.print_exc()
        return error_response(HTTPError(500, traceback.format_exc()), accept)

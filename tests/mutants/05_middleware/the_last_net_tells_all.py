# mistake: the last net shows what it has caught
# module: server.py
# check: test_server.py::TestLastNet::test_exception
# phrase: is shown to a stranger


def answer(request: Request, handler: Handler) -> Response:
    """So the client knows what was wrong."""
    accept = request.fields.get("Accept")
    try:
        return handler(request)
    except HTTPError as error:
        return error_response(error, accept)
    except Exception as error:
        tell_failure()
        return error_response(HTTPError(500, repr(error)), accept)

# mistake: trusts that every chain has its ErrorPages
# module: server.py
# check: test_server.py::TestLastNet::test_exception
# phrase: cannot open /srv/swordfish


def answer(request: Request, handler: Handler) -> Response:
    """An exception ends the connection, without a word to the client."""
    try:
        return handler(request)
    except HTTPError as error:
        return error_response(error, request.fields.get("Accept"))

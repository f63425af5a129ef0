# mistake: closes the connection, and does not say that it will
# module: answering.py
# check: test_connection.py::TestLastAnswers::test_as_the_client_asks
# phrase: False = says_close(
def sending(response, version, is_head, is_last):
    """The pieces to send."""
    rest = pieces(response, is_head)
    yield next(rest) + next(rest, b"")
    yield from rest

# mistake: the socket is closed while bytes lie unread in it
# module: listening.py
# check: test_hello.py::test_answer_survives_unread_content
# phrase: the server reset the connection


def linger(connection: socket.socket) -> None:
    """Don't: the kernel resets the connection, and the answer may be lost."""

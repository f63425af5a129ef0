# mistake: the socket is closed while the body still comes, which resets it
# module: listening.py
# check: test_server.py::test_answer_arrives_while_the_body_is_sent
# phrase: the server reset the connection


def linger(connection: socket.socket) -> None:
    """Don't wait for anybody."""

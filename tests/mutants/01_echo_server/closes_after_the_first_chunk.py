# mistake: the conversation ends after one answer
# module: server.py
# check: test_server.py::test_conversation_goes_on
# phrase: closed too early


def echo(connection: socket.socket) -> None:
    """Send back what comes first."""
    connection.sendall(connection.recv(CHUNK_BYTES))

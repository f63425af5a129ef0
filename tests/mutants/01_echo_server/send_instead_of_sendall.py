# mistake: send instead of sendall
# module: server.py
# check: test_server.py::test_send_may_take_only_a_part
# phrase: assert taken == data


def echo(connection: socket.socket) -> None:
    """Send back the first part of what comes."""
    while chunk := connection.recv(CHUNK_BYTES):
        connection.send(chunk)

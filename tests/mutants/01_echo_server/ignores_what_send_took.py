# mistake: what send answers is ignored
# module: send_all.py
# check: test_send_all.py::test_three_bytes_at_a_time
# phrase: ends here, expected


def send_all(connection: socket.socket, data: bytes) -> None:
    """Call send once, and hope that it takes everything."""
    connection.send(data)

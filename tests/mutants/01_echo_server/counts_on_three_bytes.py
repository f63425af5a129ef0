# mistake: send is taken to take three bytes each time
# module: send_all.py
# check: test_send_all.py::test_as_many_as_it_likes
# phrase: assert sent == data


def send_all(connection: socket.socket, data: bytes) -> None:
    """Send three bytes at a time, without looking how many went."""
    for start in range(0, len(data), 3):
        connection.send(data[start : start + 3])

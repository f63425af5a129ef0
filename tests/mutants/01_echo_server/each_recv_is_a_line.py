# mistake: each recv is taken for a line
# module: line_echo.py
# check: test_line_echo.py::test_half_a_line_is_no_line
# phrase: more bytes than expected


def echo_lines(connection: socket.socket) -> None:
    """Answer whatever comes."""
    while chunk := connection.recv(4096):
        connection.sendall(chunk.upper())

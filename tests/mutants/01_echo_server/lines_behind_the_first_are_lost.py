# mistake: what came behind a line is lost
# module: line_echo.py
# check: test_line_echo.py::test_several_lines_in_one_packet
# phrase: 11 more bytes


def echo_lines(connection: socket.socket) -> None:
    """Answer the first line of each packet."""
    while True:
        try:
            line, _ = recv_until(connection, b"\n", MAX_LINE_BYTES)
        except (EOFError, ValueError):
            return
        connection.sendall(line.upper())

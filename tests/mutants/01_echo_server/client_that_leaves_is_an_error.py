# mistake: nothing is caught: who leaves causes an error
# module: line_echo.py
# check: test_line_echo.py::test_client_that_leaves_is_no_error
# phrase: EOFError: the client closed its side


def echo_lines(connection: socket.socket) -> None:
    """Answer every line, and raise what `recv_until` raises."""
    rest = b""
    while True:
        line, rest = recv_until(connection, b"\n", MAX_LINE_BYTES, rest)
        connection.sendall(line.upper())

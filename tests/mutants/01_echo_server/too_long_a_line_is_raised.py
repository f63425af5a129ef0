# mistake: a line that is too long ends in an error, and the server prints a traceback
# module: line_echo.py
# check: test_line_echo.py::test_line_that_is_too_long_is_no_error
# phrase: ValueError: no b'\n' in the first 1024 bytes


def echo_lines(connection: socket.socket) -> None:
    """Catch the one error, and forget the other."""
    rest = b""
    while True:
        try:
            line, rest = recv_until(connection, b"\n", MAX_LINE_BYTES, rest)
        except EOFError:
            return
        connection.sendall(line.upper())

# mistake: lines are decoded to be turned to upper case
# module: line_echo.py
# check: test_line_echo.py::test_other_bytes_stay_as_they_are
# phrase: UnicodeDecodeError


def echo_lines(connection: socket.socket) -> None:
    """Take every line for text in UTF-8."""
    rest = b""
    while True:
        try:
            line, rest = recv_until(connection, b"\n", MAX_LINE_BYTES, rest)
        except (EOFError, ValueError):
            return
        connection.sendall(line.decode().upper().encode())

# mistake: waits for an answer for ever
# module: crowd.py
# check: test_crowd.py::TestVisit::test_answer_that_does_not_come
# phrase: it waits for ever
def visit(host: str, port: int, path: str) -> Visit:
    """Ask for the path once, on a connection of its own, and read until the server closes it."""
    began, answered, answer = time.perf_counter(), None, b""
    request = f"GET {path} HTTP/1.1\r\nHost: {authority(host, port)}\r\nConnection: close\r\n\r\n"
    try:
        with socket.create_connection((host, port)) as connection:
            connection.sendall(request.encode())
            while data := connection.recv(65536):
                answered = answered or time.perf_counter()
                answer += data
        outcome = status(answer)
    except OSError as error:
        outcome = error.strerror or str(error)
    ended = time.perf_counter()
    return Visit(began, answered or ended, ended, outcome)

# mistake: takes the status for an answer that never came to its end
# module: crowd.py
# check: test_crowd.py::TestVisit::test_answer_that_does_not_come
# phrase: the answer never came to its end
def visit(host: str, port: int, path: str) -> Visit:
    """Ask for the path once, on a connection of its own, and read until the server closes it."""
    began, answered, answer = time.perf_counter(), None, b""
    request = f"GET {path} HTTP/1.1\r\nHost: {authority(host, port)}\r\nConnection: close\r\n\r\n"
    try:
        with socket.create_connection((host, port), timeout=ANSWER_SECONDS) as connection:
            connection.sendall(request.encode())
            while data := connection.recv(65536):
                answered = answered or time.perf_counter()
                answer += data
        outcome = status(answer)
    except OSError as error:
        outcome = status(answer) if answer else error.strerror or str(error)
    ended = time.perf_counter()
    return Visit(began, answered or ended, ended, outcome)

# mistake: takes what the first recv brings for the whole answer
# module: extras/crowd.py
# check: test_crowd.py::TestVisit::test_answer_in_pieces
# phrase: 200 OK
def visit(host, port, path):
    """Ask for the path once."""
    began, answered, answer = time.perf_counter(), None, b""
    request = f"GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\nConnection: close\r\n\r\n"
    try:
        with socket.create_connection((host, port), timeout=ANSWER_SECONDS) as connection:
            connection.sendall(request.encode())
            answer = connection.recv(65536)
            answered = time.perf_counter()
        outcome = status(answer)
    except OSError as error:
        outcome = error.strerror or str(error)
    ended = time.perf_counter()
    return Visit(began, answered or ended, ended, outcome)

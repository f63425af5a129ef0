# mistake: raises the error of one visit, and with it loses all others
# module: extras/crowd.py
# check: test_crowd.py::TestVisit::test_nobody_listens
# phrase: ConnectionRefusedError
def visit(host, port, path):
    """Ask for the path once."""
    began, answered, answer = time.perf_counter(), None, b""
    request = f"GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\nConnection: close\r\n\r\n"
    with socket.create_connection((host, port), timeout=ANSWER_SECONDS) as connection:
        connection.sendall(request.encode())
        while data := connection.recv(65536):
            answered = answered or time.perf_counter()
            answer += data
    ended = time.perf_counter()
    return Visit(began, answered or ended, ended, status(answer))

# mistake: does not count the time in which it waits to be connected
# module: extras/crowd.py
# check: test_crowd.py::TestVisit::test_times_are_in_order
# phrase: began
def visit(host, port, path):
    """Ask for the path once."""
    answered, answer = None, b""
    request = f"GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\nConnection: close\r\n\r\n"
    outcome = NO_ANSWER
    try:
        with socket.create_connection((host, port), timeout=ANSWER_SECONDS) as connection:
            connection.sendall(request.encode())
            while data := connection.recv(65536):
                answered = answered or time.perf_counter()
                answer += data
            began = answered
        outcome = status(answer)
    except OSError as error:
        outcome = error.strerror or str(error)
    ended = time.perf_counter()
    return Visit(began, answered or ended, ended, outcome)

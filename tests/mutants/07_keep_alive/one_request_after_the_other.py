# mistake: sends a request when the one before is answered
# module: extras/pipelining.py
# check: test_pipelining.py::TestAskAll::test_all_at_once
# phrase: imed out
ANSWER_SECONDS = 0.5


def ask_all(host, port, requests):
    """Send one request after the other."""
    received = Incoming()
    with socket.create_connection((host, port), timeout=ANSWER_SECONDS) as connection:
        for request in requests:
            connection.sendall(request)
            if not received and not hear(connection, received):
                break
            method = request.partition(b" ")[0].decode("latin-1")
            yield (answer := take(connection, received, read_answer(received, method)))
            if "close" in connection_options(answer.fields):
                break

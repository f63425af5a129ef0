# mistake: reads no answer before all requests are sent
# module: extras/pipelining.py
# check: test_pipelining.py::TestAskAll::test_more_than_fits
# phrase: imed out
ANSWER_SECONDS = 0.5


def ask_all(host, port, requests):
    """Send all requests at once."""
    received = Incoming()
    with socket.create_connection((host, port), timeout=ANSWER_SECONDS) as connection:
        connection.sendall(b"".join(requests))
        for request in requests:
            if not received and not hear(connection, received):
                break
            method = request.partition(b" ")[0].decode("latin-1")
            yield (answer := take(connection, received, read_answer(received, method)))
            if "close" in connection_options(answer.fields):
                break

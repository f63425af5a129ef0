# mistake: takes for an answer what follows the last one
# module: extras/pipelining.py
# check: test_pipelining.py::TestAskAll::test_server_that_ends_it
# phrase: Left contains one more item: b'hello'
def ask_all(host, port, requests):
    """Send all requests at once."""
    received = Incoming()
    with socket.create_connection((host, port), timeout=ANSWER_SECONDS) as connection:
        sender = threading.Thread(target=send, args=(connection, b"".join(requests)), daemon=True)
        sender.start()
        try:
            for request in requests:
                if not received and not hear(connection, received):
                    break
                method = request.partition(b" ")[0].decode("latin-1")
                yield (answer := take(connection, received, read_answer(received, method)))
        finally:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
            sender.join()

# mistake: waits for a client that has said nothing, also when the server is to stop
# module: blocking.py
# check: test_serving.py::test_stop_does_not_wait_for_the_silent[threads]
# phrase: it does not stop
def receive(connection, exchange, service):
    """Read until it is clear what to answer. EOFError where the client asks nothing."""
    patience = Patience(service.read_timeout)
    while patience.left > 0:
        connection.settimeout(patience.left)
        began = time.monotonic()
        try:
            data = connection.recv(CHUNK_BYTES)
        except TimeoutError:
            break
        patience.spend(time.monotonic() - began, len(data))
        if exchange.feed(data):
            return
    exchange.time_out()

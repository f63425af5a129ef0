# mistake: the time limit is the socket's, and begins anew with each byte
# module: blocking.py
# check: test_serving.py::test_trickle
# phrase: 300 bytes later it still waits
def receive(connection, exchange, service):
    """Read until it is clear what to answer. EOFError where the client asks nothing."""
    connection.settimeout(service.read_timeout)
    try:
        while not exchange.feed(connection.recv(CHUNK_BYTES)):
            pass
    except TimeoutError:
        exchange.time_out()

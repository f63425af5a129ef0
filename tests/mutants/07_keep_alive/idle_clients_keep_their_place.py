# mistake: keeps an idle connection though others wait
# module: blocking.py
# check: test_blocking.py::test_others_wait
# phrase: TimeoutError
def hear(sock, connection, service):
    """Wait for the client, once."""
    send(sock, connection.interim(), connection.patience)
    data = None
    sock.settimeout(connection.patience.left)
    began = time.monotonic()
    with contextlib.suppress(TimeoutError):
        data = sock.recv(CHUNK_BYTES)
    connection.waited(time.monotonic() - began, len(data or b""))
    if data is not None:
        connection.receive(data)
    if connection.patience.left <= 0:
        connection.time_out()

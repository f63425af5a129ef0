# mistake: a client may be silent for ever
# module: listening.py
# check: test_listening.py::test_silent_client_is_dropped
# phrase: nothing for 2.0 s


def attend(connection: socket.socket, handle: Handle, read_timeout: float) -> None:
    """Wait for this client, however long the others wait for us."""
    with connection:
        try:
            handle(connection)
            linger(connection)
        except (ConnectionError, TimeoutError, EOFError):
            pass
        except Exception:
            traceback.print_exc()

# mistake: an error of ours is taken for a client that has left
# module: blocking.py
# check: test_blocking.py::test_error_that_is_none_of_the_clients
# phrase: of ours
def attend(connection: socket.socket, service: Service) -> None:
    """Serve one connection, from its first byte to its end, whatever happens on it."""
    with connection:
        try:
            exchange = Exchange(service.handler, address(connection))
            receive(connection, exchange, service)
            send(connection, exchange.answer(), service.write_timeout)
            linger(connection)
        except (OSError, EOFError):
            pass  # The client left, or was too slow: its right, and no fault of ours.
        except KeyboardInterrupt:
            raise
        except BaseException:  # SystemExit, too: an answer may be made while it is sent
            tell_failure()

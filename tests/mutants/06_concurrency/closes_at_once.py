# mistake: closes after the last byte: what comes then resets the connection
# module: blocking.py
# check: test_serving.py::test_what_comes_after_the_answer[threads]
# phrase: Error
def attend(connection: socket.socket, service: Service) -> None:
    """Serve one connection, from its first byte to its end, whatever happens on it."""
    with connection:
        try:
            exchange = Exchange(service.handler, address(connection))
            receive(connection, exchange, service)
            send(connection, exchange.answer(), service.write_timeout)
        except (ConnectionError, TimeoutError, EOFError):
            pass  # The client left, or was too slow: its right, and no fault of ours.
        except KeyboardInterrupt:
            raise
        except BaseException:  # SystemExit, too: an answer may be made while it is sent
            tell_failure()

# mistake: takes all who come before it looks at the order to stop
# module: arrivals.py
# check: test_arrivals.py::test_clients_that_never_cease_to_come
# phrase: the order to stop is not seen while clients come
def arrivals(service, leaving=None):
    """Each new connection, until the order to stop."""
    service.listener.setblocking(False)
    with selectors.DefaultSelector() as selector:
        selector.register(service.listener, selectors.EVENT_READ)
        selector.register(service.stop, selectors.EVENT_READ)
        while not service.stop.requested:
            selector.select(TURN_SECONDS)
            yield from waiting(service.listener)
    yield from waiting(service.listener)
    service.listener.close()

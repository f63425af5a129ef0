# mistake: stops at once: those in the kernel's queue get no answer
# module: arrivals.py
# check: test_arrivals.py::test_who_came_before_the_order_to_stop
# phrase: assert [] ==
def arrivals(service, leaving=None):
    """Each new connection, until the order to stop."""
    shortage = Shortage()
    service.listener.setblocking(False)
    with selectors.DefaultSelector() as selector:
        selector.register(service.listener, selectors.EVENT_READ)
        selector.register(service.stop, selectors.EVENT_READ)
        while not service.stop.requested:
            selector.select(TURN_SECONDS)
            if leaving:
                leaving.tidy()
            try:
                yield from waiting(service.listener)
            except OSError as error:
                shortage.report(error)
                time.sleep(SHORTAGE_SECONDS)
    service.listener.close()

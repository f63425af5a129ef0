# mistake: what has woken the loop is never taken out, so it goes round and round
# module: arrivals.py
# check: test_arrivals.py::test_other_signals_wake_once
# phrase: Stop
def arrivals(service: Service, leaving: "Leaving | None" = None) -> Iterator[socket.socket]:
    """Each new connection, until the order to stop; then those that had come before it.

    Of these BACKLOG at the most are taken, and none once the grace is over: clients that never
    cease to come cannot keep us from stopping. Now and then the clients that are leaving are
    looked after, also when nobody connects.
    """
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
                for connection in waiting(service.listener):
                    yield connection
                    if service.stop.requested:
                        break
            except OSError as error:
                shortage.report(error)
                time.sleep(SHORTAGE_SECONDS)
    end = time.monotonic() + service.grace
    with contextlib.suppress(OSError):
        for connection in itertools.islice(waiting(service.listener), BACKLOG):
            yield connection
            if time.monotonic() > end:
                break
    service.listener.close()

# mistake: Ctrl-C, which a terminal sends to all, is an order to each child, too
# module: prefork.py
# check: test_prefork.py::test_signals_of_a_child
# phrase: SIG_IGN
def serve_as_child(service: Service, parent: int) -> None:
    """What a child does: one connection after the other, until it is told to end."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    with closing(ChildStop(parent)) as stop, stop.on_signals():
        # Ctrl-C goes to every process at the terminal; when to end is for the parent to say.
        signal.pthread_sigmask(signal.SIG_UNBLOCK, ORDERS)
        own = replace(service, stop=stop)
        for connection in arrivals(own):
            attend(connection, own)

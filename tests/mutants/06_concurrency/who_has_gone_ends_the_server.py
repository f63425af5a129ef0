# mistake: a client that leaves before it is taken is an error of ours
# module: arrivals.py
# check: test_arrivals.py::test_who_has_gone_again
# phrase: ConnectionAbortedError
def waiting(listener):
    """The connections that wait in the kernel's queue now."""
    while True:
        try:
            yield listener.accept()[0]
        except BlockingIOError:
            return

# mistake: ends as soon as nobody comes any more: what its threads are at work on is lost
# module: threads.py
# check: test_serving.py::test_stop_waits_for_handlers
# phrase: ['threads'] == []
def serve_threads(service: Service) -> None:
    """A thread for each connection, which ends with it."""
    threads, leaving = Threads(service), Leaving()
    for connection in arrivals(service, leaving):
        if not threads.take(connection):
            leaving.add(connection)

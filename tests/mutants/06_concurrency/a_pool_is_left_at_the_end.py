# mistake: the pool is not waited for: what is in its queue is lost
# module: threads.py
# check: test_serving.py::test_stop_waits_for_handlers
# phrase: ['pool'] == []
def serve_pool(service: Service) -> None:
    """A fixed number of threads, each of which takes one connection after the other."""
    workers, leaving = Workers(service.workers, service.queue), Leaving()
    for connection in arrivals(service, leaving):
        try:
            workers.submit(attend, connection, service)
        except queue.Full:
            leaving.add(connection)

# mistake: serves each client in the loop that takes them
# module: threads.py
# check: test_server.py::test_answered_beside_half_requests[threads]
# phrase: is it still busy with an earlier client
def serve_threads(service):
    """A thread for each connection, which ends with it."""
    for connection in arrivals(service):
        attend(connection, service)

# mistake: starts a thread, and waits for its end before it takes the next client
# module: threads.py
# check: test_serving.py::test_all_are_served_at_the_same_time[threads]
# phrase: the others did not come while I was at work
def serve_threads(service):
    """A thread for each connection, which ends with it."""
    for connection in arrivals(service):
        thread = threading.Thread(target=attend, args=(connection, service))
        thread.start()
        thread.join()

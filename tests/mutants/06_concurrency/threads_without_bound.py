# mistake: starts a thread for whoever comes
# module: threads.py
# check: test_threads.py::test_bound
# phrase: [True, True, True, True, True]
class Threads:
    def take(self, connection):
        """Serve it, or let it wait; False where neither can be done."""
        with self.lock:
            return self.start(connection)

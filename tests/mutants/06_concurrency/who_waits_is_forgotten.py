# mistake: a thread ends with its own connection, and looks for nobody else
# module: threads.py
# check: test_threads.py::test_finish
# phrase: ['a', 'b'] == ['a', 'b', 'c']
class Threads:
    def work(self, connection):
        """What a thread does: its connection."""
        attend(connection, self.service)
        with self.lock:
            self.running.discard(threading.current_thread())

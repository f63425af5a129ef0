# mistake: counts a thread before it has started
# module: threads.py
# check: test_threads.py::test_no_more_threads
# phrase: some.running == set()
class Threads:
    def start(self, connection):
        """Start a thread for it; False where the system has no more of them."""
        thread = threading.Thread(target=self.work, args=(connection,), daemon=True)
        self.running.add(thread)
        try:
            thread.start()
        except RuntimeError:
            return False
        return True

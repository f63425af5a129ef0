# mistake: KeyboardInterrupt of a handler ends its thread, and keeps its place
# module: threads.py
# check: test_threads.py::test_ctrl_c_of_a_handler
# phrase: the thread has died of it
class Threads:
    def work(self, connection: socket.socket | None) -> None:
        """What a thread does: its connection, then those that wait, until none does."""
        while connection:
            # Ctrl-C comes to the main thread alone: here it is a handler's own, and ends no thread.
            if True:
                attend(connection, self.service)
            with self.lock:
                connection = self.waiting.popleft() if self.waiting else None
                if not connection:
                    self.running.discard(threading.current_thread())

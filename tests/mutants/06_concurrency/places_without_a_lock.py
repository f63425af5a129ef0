# mistake: looks for a place without the lock, while a thread ends
# module: threads.py
# check: test_threads.py::test_place_and_queue_are_one_look
# phrase: the lock has to be held
class Threads:
    def take(self, connection: socket.socket) -> bool:
        """Serve it, or let it wait; False where neither can be done."""
        if len(self.running) < self.service.max_connections:
            return self.start(connection)
        if len(self.waiting) < self.service.queue:
            self.waiting.append(connection)
            return True
        return False

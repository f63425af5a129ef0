# mistake: the time in the queue is taken for the client's silence
# module: event_loop.py
# check: test_event_loop.py::test_time_in_the_queue
# phrase: 1065.0
class EventLoop:
    def seat(self) -> None:
        """Serve those in the queue for whom there is a place now; their time begins only now."""
        while self.queue and len(self.peers) - len(self.queue) < self.service.max_connections:
            peer = self.queue.popleft()
            peer.stage = Stage.RECEIVING
            self.go_on(peer)

# mistake: whoever waits in the queue waits for ever
# module: event_loop.py
# check: test_event_loop.py::TestTurn::test_those_in_the_queue
# phrase: not loop.queue
class EventLoop:
    def turn(self):
        """Wait until something is ready, and do whatever is."""
        for key, _ in self.selector.select(SWEEP_SECONDS):
            key.data()
        while self.answered:
            self.send_answer(*self.answered.popleft())
        now = time.monotonic()
        if now >= self.sweep_at:
            self.sweep(now)
            self.sweep_at = now + SWEEP_SECONDS

# mistake: asks the selector again and again, without waiting
# module: event_loop.py
# check: test_event_loop.py::TestTurn::test_waits_but_not_for_ever
# phrase: [0] == [0.25]
class EventLoop:
    def turn(self):
        """Wait until something is ready, and do whatever is."""
        for key, _ in self.selector.select(0):
            key.data()
        while self.answered:
            self.send_answer(*self.answered.popleft())
        self.seat()
        now = time.monotonic()
        if now >= self.sweep_at:
            self.sweep(now)
            self.sweep_at = now + SWEEP_SECONDS

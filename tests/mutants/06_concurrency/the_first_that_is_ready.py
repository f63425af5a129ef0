# mistake: does one thing for each turn, and drops what else was ready
# module: event_loop.py
# check: test_event_loop.py::TestTurn::test_all_that_is_ready
# phrase: ['a'] == ['a', 'b', 'c']
class EventLoop:
    def turn(self):
        """Wait until something is ready, and do whatever is."""
        for key, _ in self.selector.select(SWEEP_SECONDS)[:1]:
            key.data()
        while self.answered:
            self.send_answer(*self.answered.popleft())
        self.seat()
        now = time.monotonic()
        if now >= self.sweep_at:
            self.sweep(now)
            self.sweep_at = now + SWEEP_SECONDS

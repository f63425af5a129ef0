# mistake: sends one of the answers, and leaves the others for later turns
# module: event_loop.py
# check: test_event_loop.py::TestTurn::test_answers
# phrase: [('one', 'a')]
class EventLoop:
    def turn(self):
        """Wait until something is ready, and do whatever is."""
        for key, _ in self.selector.select(SWEEP_SECONDS):
            key.data()
        if self.answered:
            self.send_answer(*self.answered.popleft())
        self.seat()
        now = time.monotonic()
        if now >= self.sweep_at:
            self.sweep(now)
            self.sweep_at = now + SWEEP_SECONDS

# mistake: sends what is answered first: what a handler brings meanwhile has to wait
# module: event_loop.py
# check: test_event_loop.py::TestTurn::test_answer_that_is_ready_in_this_turn
# phrase: [] == ['now']
class EventLoop:
    def turn(self):
        """Wait until something is ready, and do whatever is."""
        while self.answered:
            self.send_answer(*self.answered.popleft())
        for key, _ in self.selector.select(SWEEP_SECONDS):
            key.data()
        self.seat()
        now = time.monotonic()
        if now >= self.sweep_at:
            self.sweep(now)
            self.sweep_at = now + SWEEP_SECONDS

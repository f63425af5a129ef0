# mistake: sends no answer before all that is ready has had its turn
# module: event_loop.py
# check: test_event_loop.py::TestTurn::test_answer_does_not_wait_for_the_next_handler
# phrase: handler 2


class EventLoop:
    def turn(self):
        """Wait until something is ready, and do whatever is."""
        ready = self.selector.select(SWEEP_SECONDS)
        now = time.monotonic()
        for key, _ in ready:
            key.data()
        while self.answered:
            self.send_answer(*self.answered.popleft())
        self.seat()
        if now >= self.sweep_at:
            self.sweep(now)
            self.sweep_at = now + SWEEP_SECONDS

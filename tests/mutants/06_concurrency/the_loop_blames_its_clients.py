# mistake: looks at the clock after the work, and drops who came meanwhile as too slow
# module: event_loop.py
# check: test_event_loop.py::TestTurn::test_who_comes_while_the_loop_is_busy
# phrase: dropped for the loop's own slowness


class EventLoop:
    def turn(self):
        """Wait until something is ready, and do whatever is."""
        for key, _ in self.selector.select(SWEEP_SECONDS):
            key.data()
        while self.answered:
            self.send_answer(*self.answered.popleft())
        self.seat()
        now = time.monotonic()
        if now >= self.sweep_at:
            self.sweep(now)
            self.sweep_at = now + SWEEP_SECONDS

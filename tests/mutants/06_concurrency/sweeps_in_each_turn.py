# mistake: looks at every connection in every turn
# module: event_loop.py
# check: test_event_loop.py::TestTurn::test_sweep
# phrase: assert 2 == 1
class EventLoop:
    def turn(self):
        """Wait until something is ready, and do whatever is."""
        for key, _ in self.selector.select(SWEEP_SECONDS):
            key.data()
        while self.answered:
            self.send_answer(*self.answered.popleft())
        self.seat()
        self.sweep(time.monotonic())

# mistake: sets a flag, at which a loop that waits does not look
# module: stopping.py
# check: test_stopping.py::test_request
# phrase: is_readable(stop)
class Stop:
    def request(self, *signal_and_frame):
        """Stop, after what is in flight is done."""
        if self.requested:
            raise KeyboardInterrupt
        self.requested = True

# mistake: Ctrl-C, and Ctrl-C again: still it waits
# module: stopping.py
# check: test_stopping.py::test_second_request
# phrase: nothing was raised
class Stop:
    def request(self, *signal_and_frame):
        """Stop, after what is in flight is done."""
        self.requested = True
        self.wake()

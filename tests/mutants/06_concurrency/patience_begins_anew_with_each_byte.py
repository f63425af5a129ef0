# mistake: each byte restarts the time limit: a trickle stretches it for ever
# module: patience.py
# check: test_patience.py::test_trickle_stretches_nothing
# phrase: assert
class Patience:
    def spend(self, seconds, count):
        """We have waited for so many seconds, and so many bytes went through meanwhile."""
        self.left = self.most if count else self.left - seconds

# mistake: a fast start is saved up, to be slow later
# module: patience.py
# check: test_patience.py::test_never_more_than_at_first
# phrase: assert 105
class Patience:
    def spend(self, seconds, count):
        """We have waited for so many seconds, and so many bytes went through meanwhile."""
        self.left += count / LEAST_BYTES_PER_SECOND - seconds

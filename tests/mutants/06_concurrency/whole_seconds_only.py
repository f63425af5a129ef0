# mistake: fewer than 1024 bytes give nothing: // instead of /
# module: patience.py
# check: test_patience.py::test_bytes_give_time_back
# phrase: assert 3 == 3.5
class Patience:
    def spend(self, seconds, count):
        """We have waited for so many seconds, and so many bytes went through meanwhile."""
        self.left = min(self.most, self.left - seconds + count // LEAST_BYTES_PER_SECOND)

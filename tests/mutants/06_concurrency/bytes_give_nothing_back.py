# mistake: the whole request has to come within the time, however large it is
# module: patience.py
# check: test_patience.py::test_bytes_give_time_back
# phrase: assert 2 == 3
class Patience:
    def spend(self, seconds, count):
        """We have waited for so many seconds, and so many bytes went through meanwhile."""
        self.left -= seconds

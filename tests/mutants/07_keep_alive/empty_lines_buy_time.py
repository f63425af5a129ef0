# mistake: lets any byte buy time on an idle connection
# module: limits.py
# check: test_connection.py::TestTimeLimits::test_bytes_that_are_none_buy_nothing
# phrase: assert 1.0 == (1.0 - 0.5)
class Deadline:
    def spend(self, seconds, count):
        """So many bytes went through."""
        super().spend(seconds, count)

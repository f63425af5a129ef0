# mistake: EMFILE is an error like any other
# module: arrivals.py
# check: test_arrivals.py::test_shortage
# phrase: Too many open files
class Shortage:
    def report(self, error):
        """Say so on stderr."""
        raise error

# mistake: counts each call of close as somebody who leaves
# module: visitors.py
# check: test_visitors.py::test_closed_twice
# phrase: is None
class Visitors:
    def leave(self, visit):
        """It is closed."""
        with self.lock:
            address = self.visits.get(visit)
            if address is not None:
                self.counts[address] -= 1

# mistake: never forgets a connection that was closed
# module: visitors.py
# check: test_visitors.py::test_who_leaves_makes_room
# phrase: assert second
class Visitors:
    def leave(self, visit):
        """It is closed."""
        self.visits.pop(visit, None)

# mistake: closes with the request unread: a reset, which can destroy the 503
# module: arrivals.py
# check: test_arrivals.py::TestLeaving::test_answer_arrives
# phrase: reset
class Leaving:
    def add(self, connection):
        """Tell it, and let it go."""
        with connection:
            connection.sendall(busy())

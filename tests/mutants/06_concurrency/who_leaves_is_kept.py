# mistake: never closes a connection that was told 503
# module: arrivals.py
# check: test_arrivals.py::TestLeaving::test_not_too_many
# phrase: assert
class Leaving:
    def tidy(self):
        """They close their side themselves."""

# mistake: tells the log of each client that it cannot take
# module: arrivals.py
# check: test_arrivals.py::test_shortages_pass
# phrase: none left
class Shortage:
    def report(self, error):
        """Say so on stderr. An error that is none of SHORTAGES is raised again."""
        if error.errno not in SHORTAGES:
            raise error
        print(f"New clients have to wait: {error.strerror}.", file=sys.stderr, flush=True)

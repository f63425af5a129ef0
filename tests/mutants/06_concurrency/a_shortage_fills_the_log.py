# mistake: tells the log of each client that it cannot take
# module: arrivals.py
# check: test_arrivals.py::test_shortages_pass
# phrase: none left
class Shortage:
    def report(self, error):
        """Say so on stderr. An error of NO_LISTENER is raised again."""
        if error.errno in NO_LISTENER:
            raise error
        to_stderr(f"New clients have to wait: {error.strerror}.")

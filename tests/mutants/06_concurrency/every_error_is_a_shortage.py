# mistake: goes on after any error, for ever
# module: arrivals.py
# check: test_arrivals.py::test_other_errors_do_not
# phrase: nothing was raised
class Shortage:
    def report(self, error):
        """Say so on stderr."""
        now = time.monotonic()
        if now - self.told_at >= TELL_SECONDS:
            self.told_at = now
            to_stderr(f"New clients have to wait: {error.strerror}.")

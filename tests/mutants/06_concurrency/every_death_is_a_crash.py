# mistake: rests after a child that has ended in order, too
# module: prefork.py
# check: test_prefork.py::TestReap::test_end_in_order
# phrase: rest_until
class Family:
    def reap(self):
        """Take leave of every child that has ended."""
        while self.children:
            child, status = os.waitpid(-1, os.WNOHANG)
            if not child:
                return
            born = self.children.pop(child, 0.0)
            if time.monotonic() - born < RESTART_SECONDS:
                self.rest_until = time.monotonic() + RESTART_SECONDS

# mistake: makes one child after the other, each of which fails at once
# module: prefork.py
# check: test_prefork.py::TestReap::test_crash_at_birth
# phrase: rest_until
class Family:
    def reap(self):
        """Take leave of every child that has ended."""
        while self.children:
            child, status = os.waitpid(-1, os.WNOHANG)
            if not child:
                return
            self.children.pop(child, 0.0)

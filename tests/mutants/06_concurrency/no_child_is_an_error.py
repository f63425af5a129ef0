# mistake: asks the system for children when there is none
# module: prefork.py
# check: test_prefork.py::TestReap::test_without_children
# phrase: there is no child to wait for
class Family:
    def reap(self):
        """Take leave of every child that has ended."""
        while True:
            child, status = os.waitpid(-1, os.WNOHANG)
            if not child:
                return
            born = self.children.pop(child, 0.0)
            if status and time.monotonic() - born < RESTART_SECONDS:
                self.rest_until = time.monotonic() + RESTART_SECONDS

# mistake: waitpid without WNOHANG: the parent sleeps until a child has ended
# module: prefork.py
# check: test_prefork.py::TestReap::test_nobody_has_ended
# phrase: waitpid without WNOHANG
class Family:
    def reap(self):
        """Take leave of every child that has ended."""
        while self.children:
            child, status = os.waitpid(-1, 0)
            self.children.pop(child, 0.0)

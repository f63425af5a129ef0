# mistake: asks once for each signal, and one signal may stand for several deaths
# module: prefork.py
# check: test_prefork.py::TestReap::test_all_that_have_ended
# phrase: assert zombies == []
class Family:
    def reap(self):
        """Take leave of the child that has ended."""
        if not self.children:
            return
        child, status = os.waitpid(-1, os.WNOHANG)
        if child:
            born = self.children.pop(child, 0.0)
            if status and time.monotonic() - born < RESTART_SECONDS:
                self.rest_until = time.monotonic() + RESTART_SECONDS

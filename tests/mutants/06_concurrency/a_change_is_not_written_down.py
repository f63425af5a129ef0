# mistake: processes change their copy, and nobody writes it back
# module: shared_state.py
# check: test_shared_state.py::test_change_is_kept[processes]
# phrase: assert [] == [0, 1, 2]
class StateOfProcesses(SharedState):
    def __exit__(self, *error):
        """Let the next one in."""
        fcntl.lockf(self.file, fcntl.LOCK_UN)
        SharedState.__exit__(self, *error)

# mistake: lets the next one in only where all went well
# module: shared_state.py
# check: test_shared_state.py::test_error_inside[threads]
# phrase: inside already
class SharedState:
    def __exit__(self, kind, *error):
        """The next one, please."""
        if kind is None:
            self.lock.release()

# mistake: an error inside loses what was changed before it, in processes only
# module: shared_state.py
# check: test_shared_state.py::test_error_inside[processes]
# phrase: what was changed before the error is lost
class StateOfProcesses:
    def __exit__(self, *error: object) -> None:
        """Write down what the value has become, and let the next one in."""
        try:
            if not error[0]:
                self.save()
        finally:
            self.unlock()

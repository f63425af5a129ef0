# mistake: kills its children, and does not take leave of them
# module: prefork.py
# check: test_prefork.py::test_end_does_not_wait_for_ever
# phrase: reaped
class Family:
    def kill(self) -> None:
        """End those that are still there."""
        self.tell(signal.SIGKILL)

# mistake: tells its children to stop, and kills them at once
# module: prefork.py
# check: test_prefork.py::test_end_waits_for_all
# phrase: SIGKILL
class Family:
    def end(self) -> None:
        """Tell all to stop, and wait for what they have in flight, but not for ever."""
        deadline = time.monotonic() + self.service.grace
        self.service.listener.close()  # the children close theirs: then nobody can connect
        self.tell(signal.SIGTERM)

# mistake: the parent ends, and waits for children that nobody has told to
# module: prefork.py
# check: test_prefork.py::test_end_waits_for_all
# phrase: SIGTERM
class Family:
    def end(self) -> None:
        """Tell all to stop, and wait for what they have in flight, but not for ever."""
        deadline = time.monotonic() + self.service.grace
        self.service.listener.close()  # the children close theirs: then nobody can connect
        while self.children and time.monotonic() < deadline:
            time.sleep(POLL_SECONDS)
            self.reap()

# mistake: waits for a child for ever, whatever the grace
# module: prefork.py
# check: test_prefork.py::test_end_does_not_wait_for_ever
# phrase: the grace is 5 seconds
class Family:
    def end(self) -> None:
        """Tell all to stop, and wait for what they have in flight, but not for ever."""
        deadline = time.monotonic() + self.service.grace
        self.service.listener.close()  # the children close theirs: then nobody can connect
        self.tell(signal.SIGTERM)
        while self.children:
            time.sleep(POLL_SECONDS)
            self.reap()

# mistake: a loop that waits in a call of the system sleeps through the signal
# module: stopping.py
# check: test_stopping.py::test_wakes_before_python_code_runs
# phrase: would sleep on
class Stop:
    @contextmanager
    def on_signals(self) -> Iterator[None]:
        """While this is on, SIGINT (Ctrl-C) and SIGTERM are requests to stop."""
        before = {one: signal.signal(one, self.request) for one in (signal.SIGINT, signal.SIGTERM)}
        # The interpreter writes the byte itself, even where it is deep in a call of the system.
        wakeup = -1
        try:
            yield
        finally:
            signal.set_wakeup_fd(wakeup)
            for one, action in before.items():
                signal.signal(one, action)

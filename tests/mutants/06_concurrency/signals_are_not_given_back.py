# mistake: leaves its own handlers behind
# module: stopping.py
# check: test_stopping.py::test_signals
# phrase: is before
class Stop:
    @contextmanager
    def on_signals(self):
        """From now on, SIGINT (Ctrl-C) and SIGTERM are requests to stop."""
        for one in (signal.SIGINT, signal.SIGTERM):
            signal.signal(one, self.request)
        signal.set_wakeup_fd(self.writer.fileno(), warn_on_full_buffer=False)
        yield
        signal.set_wakeup_fd(-1)

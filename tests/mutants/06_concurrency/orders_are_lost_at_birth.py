# mistake: an order that comes between the fork and the child's own handler is lost
# module: prefork.py
# check: test_prefork.py::test_order_that_comes_at_birth
# phrase: SIGTERM
class Family:
    def bear(self, parent: int) -> None:
        """Make one child. Where none can be made, too many processes perhaps, say so and rest."""
        with contextlib.suppress(OSError):
            sys.stdout.flush()  # or the child would have what is in the buffer, too
        # A signal that came before the child is ready for it would be lost.
        before = set()
        try:
            if not (child := os.fork()):
                live_as_child(self.service, parent)
            self.children[child] = time.monotonic()
        except OSError as error:
            to_stderr(f"No child can be made: {error.strerror}.")
            self.rest_until = time.monotonic() + RESTART_SECONDS
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)

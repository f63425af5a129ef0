# mistake: waits at its end for threads that do not end
# module: serving.py
# check: test_serving.py::test_thread_that_does_not_end
# phrase: [] == [0]
def end() -> None:
    """Say that it is over, and end even where a handler's thread does not."""
    with contextlib.suppress(OSError):  # nobody may be there to read it
        print("Stopped.", flush=True)

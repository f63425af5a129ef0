# mistake: only the threads of one process take turns
# module: shared_state.py
# check: test_shared_state.py::test_another_process_is_kept_out
# phrase: two processes were in at the same time
class StateOfProcesses:
    def __enter__(self) -> Any:
        """Wait for our turn, among threads and among processes: the value as it is now."""
        super().__enter__()
        try:
            self.value = self.load()
        except BaseException:  # `with` calls __exit__ only for who has come in
            self.unlock()
            raise
        return self.value

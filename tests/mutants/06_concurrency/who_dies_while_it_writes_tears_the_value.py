# mistake: a new value is written over the old one, byte by byte
# module: shared_state.py
# check: test_shared_state.py::test_process_that_dies_while_it_writes
# phrase: pickle
class StateOfProcesses(SharedState):
    def save(self) -> None:
        """Write the value over the one before: whoever dies in here leaves half of each."""
        data = pickle.dumps(self.value)
        start = 1 + self.memory[0] * HALF_BYTES
        written = len(data).to_bytes(LENGTH_BYTES) + data
        if len(written) > HALF_BYTES:
            raise ValueError(f"{len(data)} bytes are more than fits into {HALF_BYTES}")
        self.memory[start : start + len(written)] = written

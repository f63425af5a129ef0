"""State that several requests work on at the same time, in threads or in processes."""

import mmap
import pickle
import tempfile
import threading
from typing import Any

try:
    import fcntl
except ImportError:  # Windows has no fork, and so no need of it
    fcntl = None

HALF_BYTES = 32 * 1024 * 1024
"""What a value may take in the memory that processes share, where it has room for two of them.
Unused pages of it cost nothing."""

LENGTH_BYTES = 8


class SharedState:
    """A value and the lock around it: `with state as value:` look at it, and change it.

    Between reading a value and writing what follows from it, another thread may have changed it:
    its change would be lost. So nobody else gets in before we are out.
    """

    def __init__(self, value: Any = None) -> None:
        """The value is one that can change, such as a dict."""
        self.value = value
        self.lock = threading.Lock()
        self.inside: int | None = None
        """The thread that is inside, if one is."""

    def __enter__(self) -> Any:
        """Wait until it is our turn: the value. RuntimeError for who would wait for itself."""
        if self.inside == threading.get_ident():
            raise RuntimeError("this thread is inside already, and would wait for ever")
        self.lock.acquire()
        self.inside = threading.get_ident()
        return self.value

    def __exit__(self, *error: object) -> None:
        """The next one, please."""
        self.inside = None
        self.lock.release()


class StateOfProcesses(SharedState):
    """The same for processes that are made by fork after this.

    Each has its own copy of every Python object. So the value is kept as bytes, in memory that
    the kernel gives to all of them, and the lock is the kernel's too. A process that dies inside
    gives it back, and leaves the value as it was: a new one is written beside it, and then one
    byte, the first, says which of the two counts.
    """

    def __init__(self, value: Any = None) -> None:
        super().__init__(value)
        self.memory = mmap.mmap(-1, 1 + 2 * HALF_BYTES)
        # Nothing is in this file: it is there to be locked, for as long as we live.
        self.file = tempfile.TemporaryFile()  # noqa: SIM115
        self.save()

    def __enter__(self) -> Any:
        """Wait for our turn, among threads and among processes: the value as it is now."""
        super().__enter__()
        try:
            fcntl.lockf(self.file, fcntl.LOCK_EX)
            self.value = self.load()
        except BaseException:  # `with` calls __exit__ only for who has come in
            self.unlock()
            raise
        return self.value

    def __exit__(self, *error: object) -> None:
        """Write down what the value has become, and let the next one in."""
        try:
            self.save()
        finally:
            self.unlock()

    def unlock(self) -> None:
        """The next one, please: of the processes, then of the threads."""
        fcntl.lockf(self.file, fcntl.LOCK_UN)
        super().__exit__()

    def load(self) -> Any:
        """The value that counts."""
        start = 1 + self.memory[0] * HALF_BYTES
        length = int.from_bytes(self.memory[start : start + LENGTH_BYTES])
        return pickle.loads(self.memory[start + LENGTH_BYTES : start + LENGTH_BYTES + length])

    def save(self) -> None:
        """Write the value where all can read it. ValueError where it has no room there."""
        data = pickle.dumps(self.value)
        written = len(data).to_bytes(LENGTH_BYTES) + data
        if len(written) > HALF_BYTES:
            raise ValueError(f"{len(data)} bytes are more than fits into {HALF_BYTES}")
        other = 1 - self.memory[0]
        start = 1 + other * HALF_BYTES
        self.memory[start : start + len(written)] = written
        self.memory[0] = other

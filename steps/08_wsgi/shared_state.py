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

CAPACITY_BYTES = 64 * 1024 * 1024
"""What a value may take in the memory that processes share. Unused pages of it cost nothing."""

LENGTH_BYTES = 8


class SharedState:
    """A value and the lock around it: `with state as value:` look at it, and change it.

    Between reading a value and writing what follows from it, another thread may have changed it:
    its change would be lost. So nobody else gets in before we are out.
    """

    def __init__(self, value: Any = None) -> None:
        """The value is one that can change, such as a dict."""
        self.value = value
        self.lock = threading.RLock()

    def __enter__(self) -> Any:
        """Wait until it is our turn: the value."""
        self.lock.acquire()
        return self.value

    def __exit__(self, *error: object) -> None:
        """The next one, please."""
        self.lock.release()


class StateOfProcesses(SharedState):
    """The same for processes that are made by fork after this.

    Each has its own copy of every Python object. So the value is kept as bytes, in memory that
    the kernel gives to all of them, and the lock is the kernel's too. (A process that dies inside
    gives it back.)
    """

    def __init__(self, value: Any = None) -> None:
        super().__init__(value)
        self.memory = mmap.mmap(-1, CAPACITY_BYTES)
        # Nothing is in this file: it is there to be locked, for as long as we live.
        self.file = tempfile.TemporaryFile()  # noqa: SIM115
        self.save()

    def __enter__(self) -> Any:
        """Wait for our turn, among threads and among processes: the value as it is now."""
        super().__enter__()
        try:
            fcntl.lockf(self.file, fcntl.LOCK_EX)
            length = int.from_bytes(self.memory[:LENGTH_BYTES])
            self.value = pickle.loads(self.memory[LENGTH_BYTES : LENGTH_BYTES + length])
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

    def save(self) -> None:
        """Write the value where all can read it."""
        data = pickle.dumps(self.value)
        self.memory[: LENGTH_BYTES + len(data)] = len(data).to_bytes(LENGTH_BYTES) + data

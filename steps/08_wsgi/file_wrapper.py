"""wsgi.file_wrapper: a file as the content of an answer (PEP 3333)."""

from collections.abc import Iterator
from typing import Any


class FileWrapper:
    """A file as an iterable of blocks, which closes it in the end."""

    def __init__(self, file: Any, block_size: int = 64 * 1024) -> None:
        """`file` has a method `read`, and may have a method `close`."""
        self.file = file
        self.block_size = block_size

    def __iter__(self) -> Iterator[bytes]:
        """Block after block."""
        while block := self.file.read(self.block_size):
            yield block

    def close(self) -> None:
        """Close the file, if it can be closed."""
        if close := getattr(self.file, "close", None):
            close()

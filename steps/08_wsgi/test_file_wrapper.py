"""A file as the content of an answer."""

import io

import pytest

from file_wrapper import FileWrapper


class Handle(io.BytesIO):
    """A file that tells how much is read of it at a time."""

    def __init__(self, data: bytes) -> None:
        super().__init__(data)
        self.sizes: list[int] = []

    def read(self, size=-1):
        """Read, and write down how much was asked for."""
        self.sizes.append(size)
        return super().read(size)


def test_blocks():
    """The whole file, block after block; the last one may be shorter."""
    assert list(FileWrapper(io.BytesIO(b"0123456789"), 4)) == [b"0123", b"4567", b"89"]
    assert list(FileWrapper(io.BytesIO(b""))) == []


def test_a_block_at_a_time():
    """No more than a block is in memory: the file may be larger than that."""
    file = Handle(bytes(1000))
    blocks = iter(FileWrapper(file, 100))
    next(blocks)
    assert file.sizes == [100]


def test_size_that_is_not_told():
    """Without a size of block it is still a size, and not the whole file."""
    file = Handle(bytes(10))
    list(FileWrapper(file))
    assert all(size > 0 for size in file.sizes)


@pytest.mark.parametrize("read_first", [True, False])
def test_close(read_first):
    """It closes the file, whether or not that was read (PEP 3333)."""
    file = io.BytesIO(b"hello")
    wrapper = FileWrapper(file)
    if read_first:
        list(wrapper)
    wrapper.close()
    assert file.closed


def test_what_cannot_be_closed():
    """Something that can only be read is let go."""

    class Readable:
        """It has no method close."""

        def read(self, size):
            """Nothing."""
            return b""

    wrapper = FileWrapper(Readable())
    assert list(wrapper) == []
    wrapper.close()

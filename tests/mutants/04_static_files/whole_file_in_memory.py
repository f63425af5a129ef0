# mistake: the whole file is read, then cut into pieces
# module: static_files.py
# check: test_static_files.py::TestBlocks::test_memory_stays_small
# phrase: bytes of memory for blocks of


class FileResponse:
    def blocks(self) -> Iterator[bytes]:
        """A file of a gigabyte takes a gigabyte."""
        with self.open() as file:
            content = file.read(self.size)
        if len(content) < self.size:
            raise OSError("the file became shorter")
        for start in range(0, self.size, BLOCK_BYTES):
            yield content[start : start + BLOCK_BYTES]

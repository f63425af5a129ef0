# mistake: the file is closed after the last piece, and only then
# module: static_files.py
# check: test_static_files.py::TestBlocks::test_closed_when_the_client_leaves
# phrase: the file is still open


class FileResponse:
    def blocks(self) -> Iterator[bytes]:
        """Each client that leaves half-way leaves an open file behind."""
        left = self.size
        file = self.open()
        while left:
            block = file.read(min(left, BLOCK_BYTES))
            if not block:
                file.close()
                raise OSError("the file became shorter")
            left -= len(block)
            yield block
        file.close()

# mistake: the file is sent to its end, not up to its size
# module: static_files.py
# check: test_static_files.py::TestBlocks::test_file_that_grows
# phrase: 524,288 bytes came, 262,144 were expected


class FileResponse:
    def blocks(self) -> Iterator[bytes]:
        """A log that grows while it is sent brings more bytes than Content-Length says."""
        with self.open() as file:
            sent = 0
            while block := file.read(BLOCK_BYTES):
                sent += len(block)
                yield block
        if sent < self.size:
            raise OSError("the file became shorter")

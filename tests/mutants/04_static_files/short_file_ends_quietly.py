# mistake: a file that became shorter just ends earlier
# module: static_files.py
# check: test_static_files.py::TestBlocks::test_file_that_shrinks
# phrase: was expected, and nothing was raised


class FileResponse:
    def blocks(self) -> Iterator[bytes]:
        """Where the file ends we end: the server thinks that all went well."""
        left = self.size
        with self.open() as file:
            while block := file.read(min(left, BLOCK_BYTES)):
                left -= len(block)
                yield block

# mistake: the file is opened without asking whether it is still the same
# module: static_files.py
# check: test_static_files.py::TestBlocks::test_file_that_was_replaced
# phrase: was expected, and nothing was raised


class FileResponse:
    def blocks(self) -> Iterator[bytes]:
        """The tag of one version, the bytes of another: a cache keeps the mixture."""
        left = min(self.size, self.path.stat().st_size)
        with self.path.open("rb") as file:
            while left:
                block = file.read(min(left, BLOCK_BYTES))
                if not block:
                    raise OSError("the file became shorter")
                left -= len(block)
                yield block

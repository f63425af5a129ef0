# mistake: every piece has BLOCK_BYTES, and the last one more than is left
# module: static_files.py
# check: test_static_files.py::TestBlocks::test_part_of_a_file
# phrase: 131,072 bytes came, 65,541 were expected


class FileResponse:
    def blocks(self) -> Iterator[bytes]:
        """Count in blocks, not in bytes."""
        left = self.size
        with self.open() as file:
            while left > 0:
                block = file.read(BLOCK_BYTES)
                if not block:
                    raise OSError("the file became shorter")
                left -= len(block)
                yield block

# mistake: reads the whole file
# module: file_wrapper.py
# check: test_file_wrapper.py::test_a_block_at_a_time
# phrase: [-1] == [100]
class FileWrapper:
    def __iter__(self) -> Iterator[bytes]:
        """Block after block."""
        while block := self.file.read():
            yield block

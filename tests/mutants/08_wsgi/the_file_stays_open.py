# mistake: never closes the file
# module: file_wrapper.py
# check: test_file_wrapper.py::test_close
# phrase: closed
class FileWrapper:
    def close(self) -> None:
        """Close the file, if it can be closed."""
        if close := getattr(self.file, "close", None):
            pass

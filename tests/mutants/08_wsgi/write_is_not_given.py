# mistake: start_response returns nothing, in place of write
# module: hosted.py
# check: test_hosted.py::TestStart::test_taken
# phrase: start_response returns `write`, and not None
class Answer:
    def start(
        self, status: str, headers: list[tuple[str, str]], exc_info: ExcInfo | None = None
    ) -> Callable[[bytes], None]:
        """Take status, phrase and headers."""
        if exc_info and self.is_sent:
            raise exc_info[1].with_traceback(exc_info[2])
        if self.status is not None and not exc_info:
            raise ValueError("start_response was called twice, the second time without exc_info")
        if not STATUS.fullmatch(status):
            raise ValueError(f"a status is like '200 OK', not {status!r}")
        self.fields = Fields(headers)
        self.status, self.phrase = int(status[:3]), status[4:]

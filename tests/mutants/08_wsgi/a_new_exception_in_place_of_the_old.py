# mistake: raises an exception of the same class, and not the one that exc_info brings
# module: hosted.py
# check: test_hosted.py::TestStart::test_error_after_the_head_is_sent
# phrase: what is raised again is exc_info[1], and no other
class Answer:
    def start(
        self, status: str, headers: list[tuple[str, str]], exc_info: ExcInfo | None = None
    ) -> Callable[[bytes], None]:
        """Take status, phrase and headers."""
        if exc_info and self.is_sent:
            raise exc_info[0](*exc_info[1].args).with_traceback(exc_info[2])
        if self.status is not None and not exc_info:
            raise ValueError("start_response was called twice, the second time without exc_info")
        if not STATUS.fullmatch(status):
            raise ValueError(f"a status is like '200 OK', not {status!r}")
        self.fields = Fields(headers)
        self.status, self.phrase = int(status[:3]), status[4:]
        return self.write

# mistake: takes the status before it has looked at the headers
# module: hosted.py
# check: test_hosted.py::TestStart::test_what_is_no_header
# phrase: a refused call of start_response has set the status
class Answer:
    def start(
        self, status: str, headers: list[tuple[str, str]], exc_info: ExcInfo | None = None
    ) -> Callable[[bytes], None]:
        """Take status and headers; what is returned is the old way to give content, `write`.

        With `exc_info` they take the place of those before. Where those are sent already, its
        exception is raised again: an error page can't be put into the middle of an answer.
        ValueError for what is no status or no header, and for a second call without it.
        """
        if exc_info and self.is_sent:
            raise exc_info[1].with_traceback(exc_info[2])
        if self.status is not None and not exc_info:
            raise ValueError("start_response was called twice, the second time without exc_info")
        if not STATUS.fullmatch(status):
            raise ValueError(f"a status is like '200 OK', not {status!r}")
        self.status, self.phrase = int(status[:3]), status[4:]
        self.fields = Fields(headers)
        return self.write

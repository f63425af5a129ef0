# mistake: takes every list for one block
# module: hosted.py
# check: test_hosted.py::TestSize::test_not_known
# phrase: chunked
class Answer:
    def size(self, blocks: Blocks) -> int | None:
        """How many bytes of content there are: as told, or where there is one block its length.

        To HEAD no content means nothing: a GET may give some (RFC 9110, section 8.6).
        """
        told = self.fields.get("Content-Length")
        if told and not re.fullmatch("[0-9]+", told):
            raise ValueError(f"a Content-Length is a number in decimal digits, not {told!r}")
        if told:
            return int(told)
        is_one = isinstance(blocks.source, list | tuple)
        is_known = is_one and not self.written and not (self.is_head and not blocks.ready)
        return sum(map(len, blocks.ready)) if is_known else None

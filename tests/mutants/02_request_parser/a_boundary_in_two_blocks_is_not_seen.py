# mistake: a boundary that two blocks cut in two is taken for content
# module: form_data.py
# check: test_form_data.py::test_every_split
# phrase: Right contains one more item


class BlockReader:
    """Reads lines and pieces from a body."""

    def until(self, delimiter: bytes) -> Iterator[bytes]:
        """Hold nothing back."""
        while (at := self._buffer.find(delimiter)) < 0:
            if self._buffer:
                yield self.take(len(self._buffer))
            self._more()
        if at:
            yield self.take(at)
        self.take(len(delimiter))

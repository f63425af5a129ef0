# mistake: the answer to HEAD has content
# module: response.py
# check: test_server.py::test_head
# phrase: bytes after the head


def pieces(response: Response, is_head: bool) -> Generator[bytes, None, None]:
    """Send all of it, whatever the method."""
    yield head(response)
    if has_content(response.status):
        yield from response.blocks()

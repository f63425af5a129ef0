# mistake: writes the size in decimal digits
# module: chunked.py
# check: test_chunked.py::TestChunk::test_size_is_hexadecimal
# phrase: b'10' == b'a'
def chunk(data):
    """The data as one chunk."""
    if not data:
        raise ValueError("an empty chunk would end the body")
    return b"%d\r\n%b\r\n" % (len(data), data)

# mistake: leaves out CR LF after the data of a chunk
# module: chunked.py
# check: test_chunked.py::TestChunk::test_chunk
# phrase: hello
def chunk(data):
    """The data as one chunk."""
    if not data:
        raise ValueError("an empty chunk would end the body")
    return b"%x\r\n%b" % (len(data), data)

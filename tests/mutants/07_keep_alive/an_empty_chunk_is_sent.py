# mistake: sends a chunk of no data, which is the last one
# module: chunked.py
# check: test_chunked.py::TestChunk::test_no_data
# phrase: ValueError
def chunk(data):
    """The data as one chunk."""
    return b"%x\r\n%b\r\n" % (len(data), data)

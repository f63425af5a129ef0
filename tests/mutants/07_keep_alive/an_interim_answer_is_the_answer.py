# mistake: takes 100 (Continue) for the answer
# module: extras/pipelining.py
# check: test_pipelining.py::TestReadAnswer::test_answer
# phrase: assert (100,
def read_answer(received, method):
    """Take the answer to a request with this method."""
    line = yield from received.line(LINE_BYTES, TOO_LONG)
    if not (matched := STATUS_LINE.fullmatch(line.decode("latin-1"))):
        raise HTTPError(502, f"This is no status line: {line!r}")
    status, fields = int(matched[1]), (yield from read_fields(received))
    return Answer(status, fields, (yield from read_content(received, method, status, fields)))

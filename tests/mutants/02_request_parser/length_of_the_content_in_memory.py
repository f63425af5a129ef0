# mistake: the length is that of `content`, which streamed responses lack
# module: response.py
# check: test_response.py::TestHead::test_length_of_streamed_content
# phrase: ['0'] == ['6']


def head(response: Response) -> bytes:
    """Look into memory."""
    fields = Fields(response.fields)
    del fields["Content-Length"], fields["Transfer-Encoding"]
    if "Date" not in fields:
        fields.add("Date", formatdate(usegmt=True))
    if has_content(response.status):
        fields.add("Content-Length", str(len(response.content)))
    lines = [f"HTTP/1.1 {response.status} {response.reason}", *(f"{n}: {v}" for n, v in fields)]
    return "".join(f"{line}\r\n" for line in [*lines, ""]).encode("latin-1")

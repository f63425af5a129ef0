# mistake: empty content has no Content-Length
# module: response.py
# check: test_response.py::TestHead::test_content_length_of_nothing
# phrase: [] == ['0']


def head(response: Response) -> bytes:
    """Write a length only where there is content."""
    fields = Fields(response.fields)
    del fields["Content-Length"], fields["Transfer-Encoding"]
    if "Date" not in fields:
        fields.add("Date", formatdate(usegmt=True))
    if response.length and has_content(response.status):
        for name, value in response.framing:
            fields.add(name, value)
    lines = [f"HTTP/1.1 {response.status} {response.reason}", *(f"{n}: {v}" for n, v in fields)]
    return "".join(f"{line}\r\n" for line in [*lines, ""]).encode("latin-1")

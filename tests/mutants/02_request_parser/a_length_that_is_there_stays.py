# mistake: a Content-Length that the fields have is trusted
# module: response.py
# check: test_response.py::TestHead::test_one_content_length
# phrase: ['7', '8']


def head(response: Response) -> bytes:
    """Trust what is there."""
    fields = Fields(response.fields)
    del fields["Transfer-Encoding"]
    if "Date" not in fields:
        fields.add("Date", formatdate(usegmt=True))
    if has_content(response.status) and "Content-Length" not in fields:
        for name, value in response.framing:
            fields.add(name, value)
    lines = [f"HTTP/1.1 {response.status} {response.reason}", *(f"{n}: {v}" for n, v in fields)]
    return "".join(f"{line}\r\n" for line in [*lines, ""]).encode("latin-1")

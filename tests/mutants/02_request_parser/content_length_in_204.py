# mistake: a 204 announces content
# module: response.py
# check: test_response.py::TestHead::test_no_content_length_without_content
# phrase: ['0'] == []


def head(response: Response) -> bytes:
    """Frame everything."""
    fields = Fields(response.fields)
    del fields["Content-Length"], fields["Transfer-Encoding"]
    if "Date" not in fields:
        fields.add("Date", formatdate(usegmt=True))
    for name, value in response.framing:
        fields.add(name, value)
    lines = [f"HTTP/1.1 {response.status} {response.reason}", *(f"{n}: {v}" for n, v in fields)]
    return "".join(f"{line}\r\n" for line in [*lines, ""]).encode("latin-1")

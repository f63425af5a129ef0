# mistake: the lines of the head end with LF alone
# module: response.py
# check: test_response.py::TestHead::test_whole_head
# phrase: the head ends with an empty line


def head(response: Response) -> bytes:
    """End lines as files do."""
    fields = Fields(response.fields)
    del fields["Content-Length"], fields["Transfer-Encoding"]
    if "Date" not in fields:
        fields.add("Date", formatdate(usegmt=True))
    if has_content(response.status):
        for name, value in response.framing:
            fields.add(name, value)
    lines = [f"HTTP/1.1 {response.status} {response.reason}", *(f"{n}: {v}" for n, v in fields)]
    return "".join(f"{line}\n" for line in [*lines, ""]).encode("latin-1")

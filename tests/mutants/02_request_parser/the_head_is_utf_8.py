# mistake: the head is encoded as UTF-8
# module: response.py
# check: test_response.py::TestHead::test_bytes_beyond_ascii
# phrase: caf\xc3\x83\xc2\xa9


def head(response: Response) -> bytes:
    """Encode a second time."""
    fields = Fields(response.fields)
    del fields["Content-Length"], fields["Transfer-Encoding"]
    if "Date" not in fields:
        fields.add("Date", formatdate(usegmt=True))
    if has_content(response.status):
        for name, value in response.framing:
            fields.add(name, value)
    lines = [f"HTTP/1.1 {response.status} {response.reason}", *(f"{n}: {v}" for n, v in fields)]
    return "".join(f"{line}\r\n" for line in [*lines, ""]).encode("utf-8")

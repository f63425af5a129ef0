# mistake: Content-Length counts characters, not bytes
# module: response.py
# check: test_response.py::TestHead::test_content_length_counts_bytes
# phrase: Content-Length: 6


def head(response: Response) -> bytes:
    """Count what a person would count."""
    fields = Fields(response.fields)
    del fields["Content-Length"], fields["Transfer-Encoding"]
    if "Date" not in fields:
        fields.add("Date", formatdate(usegmt=True))
    if has_content(response.status):
        fields.add("Content-Length", str(len(response.content.decode("utf-8", "replace"))))
    lines = [f"HTTP/1.1 {response.status} {response.reason}", *(f"{n}: {v}" for n, v in fields)]
    return "".join(f"{line}\r\n" for line in [*lines, ""]).encode("latin-1")

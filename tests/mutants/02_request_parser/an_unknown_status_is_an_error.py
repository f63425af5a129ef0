# mistake: a status without a reason is an error
# module: response.py
# check: test_response.py::TestHead::test_status_line
# phrase: KeyError: 299


def head(response: Response) -> bytes:
    """Know all statuses."""
    fields = Fields(response.fields)
    del fields["Content-Length"], fields["Transfer-Encoding"]
    if "Date" not in fields:
        fields.add("Date", formatdate(usegmt=True))
    if has_content(response.status):
        for name, value in response.framing:
            fields.add(name, value)
    reason = REASONS[response.status]
    lines = [f"HTTP/1.1 {response.status} {reason}", *(f"{n}: {v}" for n, v in fields)]
    return "".join(f"{line}\r\n" for line in [*lines, ""]).encode("latin-1")

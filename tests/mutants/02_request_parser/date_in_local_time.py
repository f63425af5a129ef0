# mistake: Date has the time zone of the machine
# module: response.py
# check: test_response.py::TestHead::test_date
# phrase: IMF_FIXDATE.fullmatch


def head(response: Response) -> bytes:
    """Write the time as e-mail does."""
    fields = Fields(response.fields)
    del fields["Content-Length"], fields["Transfer-Encoding"]
    if "Date" not in fields:
        fields.add("Date", formatdate(localtime=True))
    if has_content(response.status):
        for name, value in response.framing:
            fields.add(name, value)
    lines = [f"HTTP/1.1 {response.status} {response.reason}", *(f"{n}: {v}" for n, v in fields)]
    return "".join(f"{line}\r\n" for line in [*lines, ""]).encode("latin-1")

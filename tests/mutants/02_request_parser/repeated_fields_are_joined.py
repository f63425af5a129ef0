# mistake: lines of one name are joined, and with them the cookies
# module: response.py
# check: test_response.py::TestHead::test_fields_keep_order_and_repeats
# phrase: repeated ones each on a line


def head(response: Response) -> bytes:
    """Write each name once."""
    fields = Fields(response.fields)
    del fields["Content-Length"], fields["Transfer-Encoding"]
    if "Date" not in fields:
        fields.add("Date", formatdate(usegmt=True))
    if has_content(response.status):
        for name, value in response.framing:
            fields.add(name, value)
    lines = [f"HTTP/1.1 {response.status} {response.reason}", *(f"{n}: {fields[n]}" for n in dict(fields))]
    return "".join(f"{line}\r\n" for line in [*lines, ""]).encode("latin-1")

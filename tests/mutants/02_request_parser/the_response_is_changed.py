# mistake: the head is written into the response's own fields
# module: response.py
# check: test_response.py::TestHead::test_response_stays_as_it_was
# phrase: diff: ('Date',


def head(response: Response) -> bytes:
    """Work on the response itself."""
    fields = response.fields
    del fields["Content-Length"], fields["Transfer-Encoding"]
    if "Date" not in fields:
        fields.add("Date", formatdate(usegmt=True))
    if has_content(response.status):
        for name, value in response.framing:
            fields.add(name, value)
    lines = [f"HTTP/1.1 {response.status} {response.reason}", *(f"{n}: {v}" for n, v in fields)]
    return "".join(f"{line}\r\n" for line in [*lines, ""]).encode("latin-1")

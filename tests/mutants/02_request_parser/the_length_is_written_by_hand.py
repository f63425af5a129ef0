# mistake: head writes a Content-Length itself, whatever the response says of its framing
# module: response.py
# check: test_response.py::TestHead::test_framing_is_the_responses_own
# phrase: [] == ['when we close']


def head(response: Response) -> bytes:
    """Every response has a length, has it not?"""
    fields = Fields(response.fields)
    del fields["Content-Length"], fields["Transfer-Encoding"]
    if "Date" not in fields:
        fields.add("Date", formatdate(usegmt=True))
    if has_content(response.status):
        fields.add("Content-Length", str(response.length))
    lines = [f"HTTP/1.1 {response.status} {response.reason}", *(f"{n}: {v}" for n, v in fields)]
    return "".join(f"{line}\r\n" for line in [*lines, ""]).encode("latin-1")

# mistake: head looks the reason phrase up itself, whatever the response says
# module: response.py
# check: test_response.py::TestHead::test_reason_is_the_responses_own
# phrase: Quite Fine


def head(response: Response) -> bytes:
    """There is a table of reasons, is there not?"""
    fields = Fields(response.fields)
    del fields["Content-Length"], fields["Transfer-Encoding"]
    if "Date" not in fields:
        fields.add("Date", formatdate(usegmt=True))
    if has_content(response.status):
        for name, value in response.framing:
            fields.add(name, value)
    reason = REASONS.get(response.status, "")
    lines = [f"HTTP/1.1 {response.status} {reason}", *(f"{n}: {v}" for n, v in fields)]
    return "".join(f"{line}\r\n" for line in [*lines, ""]).encode("latin-1")

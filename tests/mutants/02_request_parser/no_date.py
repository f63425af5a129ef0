# mistake: there is no Date
# module: response.py
# check: test_server.py::test_every_answer_has_a_date
# phrase: a field is missing: Date


def head(response: Response) -> bytes:
    """Leave the Date out."""
    fields = Fields(response.fields)
    del fields["Content-Length"], fields["Transfer-Encoding"]
    if has_content(response.status):
        for name, value in response.framing:
            fields.add(name, value)
    lines = [f"HTTP/1.1 {response.status} {response.reason}", *(f"{n}: {v}" for n, v in fields)]
    return "".join(f"{line}\r\n" for line in [*lines, ""]).encode("latin-1")

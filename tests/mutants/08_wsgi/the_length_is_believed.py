# mistake: reads as much as CONTENT_LENGTH says, and looks at the limit later
# module: environ.py
# check: test_environ.py::TestBody::test_too_long
# phrase: 104857600
def body_of(environ: Environ) -> bytes:
    """What is in wsgi.input: as many bytes as CONTENT_LENGTH says, or all, where it has an end."""
    length = environ.get("CONTENT_LENGTH") or ""
    if environ.get("wsgi.input_terminated"):
        body = environ["wsgi.input"].read(MAX_BODY_BYTES + 1)
    elif not length:
        return b""
    elif not length.isascii() or not length.isdigit():
        raise HTTPError(400, "CONTENT_LENGTH is a number in decimal digits.")
    else:
        body = environ["wsgi.input"].read(int(length))
        if len(body) < min(int(length), MAX_BODY_BYTES + 1):
            raise HTTPError(400, "The body ended before its length.")
    if len(body) > MAX_BODY_BYTES:
        raise HTTPError(413, f"The body is longer than {MAX_BODY_BYTES} bytes.")
    return body

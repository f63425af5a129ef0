# mistake: reads wsgi.input to its end, which a kept connection does not have
# module: environ.py
# check: test_environ.py::TestBody::test_length
# phrase: who reads to the end of this waits for ever
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
        body = environ["wsgi.input"].read()
        if len(body) < min(int(length), MAX_BODY_BYTES + 1):
            raise HTTPError(400, "The body ended before its length.")
    if len(body) > MAX_BODY_BYTES:
        raise HTTPError(413, f"The body is longer than {MAX_BODY_BYTES} bytes.")
    return body

# mistake: takes what there is of a body, though it is less than its length
# module: environ.py
# check: test_environ.py::TestBody::test_too_short
# phrase: nothing was raised
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
        body = environ["wsgi.input"].read(min(int(length), MAX_BODY_BYTES + 1))
    if len(body) > MAX_BODY_BYTES:
        raise HTTPError(413, f"The body is longer than {MAX_BODY_BYTES} bytes.")
    return body

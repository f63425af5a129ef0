# mistake: an empty value is written Name:, with which curl leaves the field out
# module: curl_command.py
# check: test_curl_command.py::test_empty_value
# phrase: 'X: ' != 'X;'


def as_curl(request: Request) -> str:
    """Write all values alike."""
    words = ["curl"]
    has_body = "Content-Length" in request.fields
    if request.method == "HEAD" and not has_body:
        words.append("--head")
    elif request.method != "GET" or has_body:
        words += ["--request", request.method]
    for name, value in request.fields:
        if name.lower() not in BY_CURL:
            words += ["--header", f"{name}: {value}"]
    if has_body:
        words += body_words(request.body)
        words += [] if "Content-Type" in request.fields else ["--header", "Content-Type:"]
    return shlex.join(words + url_words(request))

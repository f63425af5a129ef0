# mistake: a Content-Length of 0 is taken for no body
# module: curl_command.py
# check: test_curl_command.py::test_empty_body
# phrase: '--header' != '--data-raw'


def as_curl(request: Request) -> str:
    """Ask for the bytes, not for the length."""
    words = ["curl"]
    has_body = bool(request.body)
    if request.method == "HEAD" and not has_body:
        words.append("--head")
    elif request.method != "GET" or has_body:
        words += ["--request", request.method]
    for name, value in request.fields:
        if name.lower() not in BY_CURL:
            words += ["--header", f"{name}: {value}" if value else f"{name};"]
    if has_body:
        words += body_words(request.body)
        words += [] if "Content-Type" in request.fields else ["--header", "Content-Type:"]
    return shlex.join(words + url_words(request))

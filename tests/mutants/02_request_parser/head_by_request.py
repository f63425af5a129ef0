# mistake: HEAD is --request HEAD, for which curl waits for content
# module: curl_command.py
# check: test_curl_command.py::test_method
# phrase: '--request' != '--head'


def as_curl(request: Request) -> str:
    """Name every method."""
    words = ["curl"]
    has_body = "Content-Length" in request.fields
    if request.method != "GET" or has_body:
        words += ["--request", request.method]
    for name, value in request.fields:
        if name.lower() not in BY_CURL:
            words += ["--header", f"{name}: {value}" if value else f"{name};"]
    if has_body:
        words += body_words(request.body)
        words += [] if "Content-Type" in request.fields else ["--header", "Content-Type:"]
    return shlex.join(words + url_words(request))

# mistake: a GET with a body is not named, and curl makes a POST of it
# module: curl_command.py
# check: test_curl_command.py::test_get_with_a_body
# phrase: '--header' != '--request'


def as_curl(request: Request) -> str:
    """Name what is not GET."""
    words = ["curl"]
    has_body = "Content-Length" in request.fields
    if request.method == "HEAD":
        words.append("--head")
    elif request.method != "GET":
        words += ["--request", request.method]
    for name, value in request.fields:
        if name.lower() not in BY_CURL:
            words += ["--header", f"{name}: {value}" if value else f"{name};"]
    if has_body:
        words += body_words(request.body)
        words += [] if "Content-Type" in request.fields else ["--header", "Content-Type:"]
    return shlex.join(words + url_words(request))

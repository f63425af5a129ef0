# mistake: what curl writes by itself is found in lower case only
# module: curl_command.py
# check: test_curl_command.py::test_fields_of_curl
# phrase: --header 'CONNECTION: close'


def as_curl(request: Request) -> str:
    """Compare names as they are."""
    words = ["curl"]
    has_body = "Content-Length" in request.fields
    if request.method == "HEAD" and not has_body:
        words.append("--head")
    elif request.method != "GET" or has_body:
        words += ["--request", request.method]
    for name, value in request.fields:
        if name not in BY_CURL:
            words += ["--header", f"{name}: {value}" if value else f"{name};"]
    if has_body:
        words += body_words(request.body)
        words += [] if "Content-Type" in request.fields else ["--header", "Content-Type:"]
    return shlex.join(words + url_words(request))

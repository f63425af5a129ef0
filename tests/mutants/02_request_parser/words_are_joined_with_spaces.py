# mistake: the words are joined without quotes
# module: curl_command.py
# check: test_curl_command.py::test_shell_changes_nothing
# phrase: curl --header X: ; rm -rf x


def as_curl(request: Request) -> str:
    """Put spaces between the words."""
    words = ["curl"]
    has_body = "Content-Length" in request.fields
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
    return " ".join(words + url_words(request))

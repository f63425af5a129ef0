# mistake: the page shows what was sent without escaping it
# module: report.py
# check: test_server.py::test_browser_gets_a_page
# phrase: "&lt;script&gt;" is not in the body


def report(request: Request) -> Response:
    """Write it into the page as it is."""
    understood = understand(request)
    if preferred(request.fields.get("Accept"), ["application/json", "text/html"]) == "text/html":
        text = json.dumps(understood, indent=2, ensure_ascii=False)
        response = Response.html(PAGE.format(understood=text))
    else:
        response = Response.json(understood)
    response.fields["Vary"] = "Accept"
    return response

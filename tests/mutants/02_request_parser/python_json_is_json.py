# mistake: NaN passes for JSON
# module: bodies.py
# check: test_bodies.py::test_not_json
# phrase: b'NaN' is to be refused


def parse_json(request: Request) -> object:
    """Take what Python takes."""
    kind = media_type(request)
    if kind != "application/json" and not kind.endswith("+json"):
        raise HTTPError(415, "The body must be JSON, with Content-Type: application/json.")
    try:
        return json.loads(request.body.decode("utf-8"))
    except (RecursionError, ValueError):
        raise HTTPError(400, "The body is not valid JSON.") from None

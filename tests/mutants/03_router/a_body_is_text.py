# mistake: a body is decoded before it is given back
# module: app.py
# check: test_server.py::test_echo_of_a_body
# phrase: the body differs from byte 1 on


@router.post("/echo")
def echo(request: Request) -> Response:
    """The body as text."""
    media_type = request.fields.get("Content-Type") or "application/octet-stream"
    text = request.body.decode("utf-8", "replace")
    return Response(200, text.encode(), Fields({"Content-Type": media_type}))

# mistake: a name from the address stands on the page as it is
# module: app.py
# check: test_app.py::test_strangers_text_is_escaped
# phrase: and never a tag or an attribute


@router.get("/user/{username}")
def user(request: Request, username: str) -> Response:
    """A page with a name from the address."""
    return page(f"User {username}", f"<p>Hello, {username}!</p>")

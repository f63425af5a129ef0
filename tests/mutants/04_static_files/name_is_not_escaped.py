# mistake: the name goes into the page as it is
# module: listing.py
# check: test_listing.py::test_text_is_the_name
# phrase: script


def item(name: str) -> str:
    """A file name can be a script, and runs in the visitor's browser."""
    return f'<li><a href="{quote(name)}">{name}</a></li>'

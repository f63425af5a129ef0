# mistake: the slash of a folder is encoded, too
# module: listing.py
# check: test_listing.py::test_way_up
# phrase: ..%2F


def item(name: str) -> str:
    """../ becomes the name of a file that is not there."""
    return f'<li><a href="{quote(name, safe="")}">{html.escape(name)}</a></li>'

# mistake: the link is escaped for HTML, and not for addresses
# module: listing.py
# check: test_listing.py::test_link_leads_to_the_name
# phrase: the link is a&b#c?<x>.txt


def item(name: str) -> str:
    """To a browser, what stands behind # and ? is not part of the path."""
    return f'<li><a href="{html.escape(name)}">{html.escape(name)}</a></li>'

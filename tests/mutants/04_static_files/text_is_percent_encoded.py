# mistake: people read the percent-encoded name
# module: listing.py
# check: test_listing.py::test_text_is_the_name
# phrase: a%26b%23c%3F


def item(name: str) -> str:
    """Quote once, use it twice."""
    address = quote(name)
    return f'<li><a href="{address}">{address}</a></li>'

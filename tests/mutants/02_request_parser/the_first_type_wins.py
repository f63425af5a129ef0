# mistake: the first type in Accept wins, whatever its weight
# module: media_types.py
# check: test_media_types.py::test_preferred
# phrase: Accept: text/html;q=0.4


def preferred(accept: str, offers: list[str]) -> str:
    """Take the first range that fits."""
    for name, _ in media_ranges(accept):
        for offer in offers:
            if name in (offer, offer.partition("/")[0] + "/*", "*/*"):
                return offer
    return offers[0]

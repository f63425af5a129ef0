# mistake: %2B is decoded first, and then becomes a space
# module: target.py
# check: test_target.py::TestParseQuery::test_table
# phrase: salt   vinegar


def parse_query(text: str) -> list[tuple[str, str]]:
    """Turn + into a space too late."""
    pairs = []
    for field in text.split("&"):
        if field:
            name, _, value = decode_leniently(field).replace("+", " ").partition("=")
            pairs.append((name, value))
    return pairs

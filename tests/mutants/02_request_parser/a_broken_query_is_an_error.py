# mistake: a broken escape in a query is an error
# module: target.py
# check: test_target.py::TestParseQuery::test_nothing_is_refused
# phrase: ValueError


def parse_query(text: str) -> list[tuple[str, str]]:
    """Decode a query as strictly as a path."""
    pairs = []
    for field in text.split("&"):
        if field:
            name, _, value = field.replace("+", " ").partition("=")
            pairs.append((percent_decode(name), percent_decode(value)))
    return pairs

# mistake: a name that comes twice counts once
# module: target.py
# check: test_target.py::TestParseQuery::test_table
# phrase: first extra item: ('a', '2')


def parse_query(text: str) -> list[tuple[str, str]]:
    """Collect the pairs in a dictionary."""
    pairs = {}
    for field in text.split("&"):
        if field:
            name, _, value = field.replace("+", " ").partition("=")
            pairs[decode_leniently(name)] = decode_leniently(value)
    return list(pairs.items())

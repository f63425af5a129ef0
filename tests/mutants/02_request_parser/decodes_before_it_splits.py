# mistake: %26 and %3D are decoded before the query is taken apart
# module: target.py
# check: test_target.py::TestParseQuery::test_table
# phrase: ('a', 'b=c') != ('a=b', 'c')


def parse_query(text: str) -> list[tuple[str, str]]:
    """Decode the whole query first."""
    pairs = []
    for field in text.replace("+", " ").split("&"):
        if field:
            name, _, value = decode_leniently(field).partition("=")
            pairs.append((name, value))
    return pairs

# mistake: a name without a value is dropped
# module: target.py
# check: test_target.py::TestParseQuery::test_table
# phrase: [('a', ''), ('b', '')]


def parse_query(text: str) -> list[tuple[str, str]]:
    """Keep what has a value."""
    fields = [field.replace("+", " ").partition("=") for field in text.split("&")]
    return [(decode_leniently(name), decode_leniently(value)) for name, _, value in fields if value]

# mistake: nothing between two & is taken for a pair
# module: target.py
# check: test_target.py::TestParseQuery::test_table
# phrase: ('', '')


def parse_query(text: str) -> list[tuple[str, str]]:
    """Take each piece for a pair."""
    pairs = []
    for field in text.split("&"):
        name, _, value = field.replace("+", " ").partition("=")
        pairs.append((decode_leniently(name), decode_leniently(value)))
    return pairs

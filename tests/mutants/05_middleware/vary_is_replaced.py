# mistake: Vary is set, whatever stood in it
# module: cors.py
# check: test_cors.py::TestMark::test_vary_keeps_what_is_there
# phrase: Accept, Accept-Encoding, Origin


def add_vary(fields: Fields, name: str) -> None:
    """The page for a browser is given to a program that wants JSON."""
    fields["Vary"] = name

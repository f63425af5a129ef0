# mistake: asks the first link alone what it must be inside of
# module: middleware.py
# check: test_middleware.py::TestDemands::test_rules_of_all_links
# phrase: it comes too late


def demands(links: Sequence[Link]) -> dict[str, str]:
    """The others have to be content with what the first one has."""
    present = set().union(*map(names_of, links))
    rules = getattr(links[0], "inside_of", {}) if links else {}
    return {name: why for name, why in rules.items() if name not in present}

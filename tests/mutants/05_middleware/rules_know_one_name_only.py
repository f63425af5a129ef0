# mistake: a link that is made from CORS has another name, and no rule holds for it
# module: middleware.py
# check: test_middleware.py::TestChain::test_a_rule_holds_for_what_is_made_from_it
# phrase: nothing was raised


def names_of(link: Link) -> set[str]:
    """What it is called."""
    return {name_of(link)}

# mistake: a link is compared with the next one alone
# module: middleware.py
# check: test_middleware.py::TestChain::test_order_that_cannot_work
# phrase: [apart]


def check_order(links: Sequence[Link]) -> None:
    """One link between the two, and the mistake is not seen."""
    for link, later in zip(links, links[1:]):
        if why := getattr(link, "inside_of", {}).get(name_of(later)):
            order = f"{name_of(later)} must stand before {name_of(link)}"
            raise ValueError(f"{order} in the chain: {why}")

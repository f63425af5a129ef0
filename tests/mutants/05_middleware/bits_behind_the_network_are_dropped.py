# mistake: an address with bits behind the network's is a network
# module: networks.py
# check: test_networks.py::test_no_network
# phrase: [192.0.2.7/24]


def parse_networks(texts: Iterable[str]) -> list[IPv4Network | IPv6Network]:
    """Who writes 192.0.2.7/24 may have meant one address, and lets in 256."""
    return [ip_network(text, strict=False) for text in texts]

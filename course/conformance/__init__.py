"""Cases that say what RFC 9110 and RFC 9112 demand of a server, and what runs them."""

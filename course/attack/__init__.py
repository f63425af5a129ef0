"""A hostile client: it attacks a server of one's own, and tells which attacks the server stands.

An attack is a function in one of the modules here, marked with `attack`. `campaign` runs them one
after the other against a `Victim`, and looks afterwards what they have left behind in the server.
"""

"""The benchmark: every model of serving that a step has, measured on this machine.

`scenarios` says what is asked, `served` is the server that is asked, `client` asks, `measuring`
runs them all in turn, `results` makes figures of it, and `charts` draws them.
"""

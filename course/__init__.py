"""The machinery behind the course: command line, checks, answers, wire.

It reads `steps/` as data, and nothing in `steps/` knows of it.
"""

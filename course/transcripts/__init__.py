"""Transcripts: what a terminal shows, recorded by a tool that runs it and never typed by hand.

`docs/transcripts/NN.toml` says what is run; `docs/transcripts/NN/NAME.txt` is what came of it.

    python -m course.transcripts                  record all anew
    python -m course.transcripts 01 02/half       record those of step 01, and one of step 02
    python -m course.transcripts --check          compare, and print what is different

A recording is the same on every machine: it happens in a copy of the steps whose files have fixed
dates, and what still varies (ports, times, versions) is written as if it did not.
"""

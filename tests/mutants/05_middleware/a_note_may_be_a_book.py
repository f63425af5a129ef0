# mistake: a limit that is four times what was agreed
# module: application.py
# check: test_server.py::test_long_body
# phrase: 413 was expected

NOTES_BYTES = 1024 * 1024

# mistake: forgets the close of what the application has given
# module: hosted.py
# check: test_hosted.py::TestClose::test_whole
# phrase: assert 0 == 1
def close(source: object) -> None:
    """What PEP 3333 demands at the end, whether all of it was sent or not, if it can be closed."""
    if method := getattr(source, "close", None):
        method

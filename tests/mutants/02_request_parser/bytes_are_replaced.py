# mistake: a body that is no text is written with U+FFFD
# module: curl_command.py
# check: test_curl_command.py::test_body_words
# phrase: '--data-raw' != '--data-binary'


def body_words(body: bytes) -> list[str]:
    """Write all bodies as text."""
    text = body.decode("utf-8", "replace")
    return ["--data-binary", "@body.bin"] if "\0" in text else ["--data-raw", text]

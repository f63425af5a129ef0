# mistake: --data takes a body that begins with @ for the name of a file
# module: curl_command.py
# check: test_curl_command.py::test_body_words
# phrase: '--data' != '--data-raw'


def body_words(body: bytes) -> list[str]:
    """Use the shorter option."""
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        text = "\0"
    return ["--data-binary", "@body.bin"] if "\0" in text else ["--data", text]

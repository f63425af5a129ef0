# mistake: encodes what is text
# module: hosted.py
# check: test_hosted.py::TestBlocks::test_what_is_no_block
# phrase: nothing was raised
def checked(block: object) -> bytes:
    """The block; TypeError where it is none."""
    return block.encode() if isinstance(block, str) else bytes(block or b"")

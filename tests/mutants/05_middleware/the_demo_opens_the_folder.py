# mistake: lets in whoever has a token of ours, also one that stands in the source to be read
# module: application.py
# check: test_server.py::TestLockedFolder::test_without_the_token
# phrase: 401 was expected


def uploads(folder: Path, token: str) -> list[Link]:
    """Ada has a token already."""
    files = Router()
    Uploads(folder, files)
    tokens = {"owner": token, "ada": "the-token-of-the-demo"}
    guards = [Below(door, BearerAuth(tokens)) for door in DOORS] if token else []
    return [*guards, Routes(files)]

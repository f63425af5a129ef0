"""The README's picture shows what a failing check really prints."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from course import picture


def test_picture(tmp_path: Path) -> None:
    path = tmp_path / "assets" / "check.svg"
    picture.make_picture(path)
    svg = path.read_text(encoding="utf-8")
    texts = "".join(ElementTree.fromstring(svg).itertext()).replace("\N{NO-BREAK SPACE}", " ")
    assert "Content-Lenght: 13\\r\\n" in texts
    assert "^^^^^^^^^^^^^^ misspelt: expected Content-Length here" in texts
    assert "python -m course hint 01.1" in texts
    assert str(tmp_path.parent) not in texts
    assert not re.search(r"@font-face|@import|src=|url\((?!#)", svg), "it loads something"


def test_check_that_does_not_fail(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(picture, "WRONG", picture.RIGHT)
    with pytest.raises(RuntimeError, match="did not fail as it should"):
        picture.make_picture(tmp_path / "check.svg")

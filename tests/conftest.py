"""What the tests of the course share."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # so that tests find support.py and its like

from support import Course


@pytest.fixture
def course(tmp_path: Path) -> Course:
    """A course of its own with two small steps, to be changed at will."""
    return Course.create(tmp_path / "course")

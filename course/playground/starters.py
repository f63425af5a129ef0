"""An exercise's module as the learner gets it: nothing is solved that they have not solved."""

import ast
from collections.abc import Mapping

from course import source


def blanked(text: str, original: str, names: Mapping[str, str]) -> str:
    """The module with those of the functions to be written that are as the original has them.

    `names` maps a function's name to its exercise. What the learner has begun stays, and so does
    what is not there. Raises SyntaxError for what is no Python.
    """
    mine, theirs = ast.parse(text), ast.parse(original)
    alike = {name: names[name] for name in names if _same(mine, theirs, name)}
    return source.blanked(text, alike)


def _same(one: ast.Module, other: ast.Module, name: str) -> bool:
    """Whether both have the function, and have it alike."""
    functions = [source.find(tree, name) for tree in (one, other)]
    return None not in functions and len({ast.dump(found) for found in functions if found}) == 1

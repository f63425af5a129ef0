"""Read and rewrite one module's text: blank a function, find it, fill it from another version."""

import ast
import sys
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from types import CodeType

Function = ast.FunctionDef | ast.AsyncFunctionDef
Definition = Function | ast.ClassDef

COMPREHENSIONS = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp

INDENT = "    "


def find(tree: ast.Module, name: str) -> Function | None:
    """The function that `name` ("echo", "Router.match", "outer.inner") means, or None."""
    spot = _spot(tree, name)
    node = spot[0][spot[1]] if spot else None
    return node if isinstance(node, Function) else None


def binds(tree: ast.Module, name: str) -> bool:
    """Whether the module gives `name` a meaning, be it by `def`, import or assignment."""
    if _spot(tree, name):
        return True
    scope: ast.AST = tree
    owner, _, last = name.rpartition(".")
    if owner:
        spot = _spot(tree, owner)
        if spot is None:
            return False
        scope = spot[0][spot[1]]
    statements = (statement for body in _bodies(scope) for statement in body)
    return any(last in _bound(statement) for statement in statements)


def needs_only(path: Path, names: Collection[str]) -> bool:
    """Whether a module needs nothing but the standard library, and the modules of these names."""
    needed: set[str] = set()
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            needed |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            needed.add(node.module.partition(".")[0])
    return needed <= {*sys.stdlib_module_names, *names}


def is_blank(function: Function) -> bool:
    """Whether the function still is as the starter has it: its body nothing but the raise."""
    body = function.body[1:] if ast.get_docstring(function, clean=False) else function.body
    if len(body) != 1 or not isinstance(body[0], ast.Raise):
        return False
    raised = body[0].exc
    name = raised.func if isinstance(raised, ast.Call) else raised
    return isinstance(name, ast.Name) and name.id == NotImplementedError.__name__


def first_line(node: Definition) -> int:
    """The line on which the definition begins, its decorators counted in."""
    return min([node.lineno, *(one.lineno for one in node.decorator_list)])


def blanked(text: str, names: Mapping[str, str]) -> str:
    """`text` with the body of each named function replaced by the raise of its exercise.

    `names` maps a function's name to its exercise: {"echo": "01.2"}. Signatures, decorators,
    docstrings and everything outside the bodies stay. Raises KeyError for a function not there.
    """
    for name, exercise in names.items():
        function = find(ast.parse(text), name)
        if function is None:
            raise KeyError(name)
        text = _blank(text, function, f'raise NotImplementedError("exercise {exercise}")')
    return text


def replaced(text: str, name: str, other: str) -> str:
    """`text` with its function `name` as `other`, another version of the module, has it.

    A function that `text` lost comes back at the end of its class or module. Raises KeyError
    where its class is lost too.
    """
    tree, original = ast.parse(text), find(ast.parse(other), name)
    if original is None:
        raise KeyError(name)
    new = other.split("\n")[first_line(original) - 1 : original.end_lineno]
    lines, function = text.split("\n"), find(tree, name)
    if function is not None:
        lines[first_line(function) - 1 : function.end_lineno] = new
    elif spot := _spot(tree, owner := name.rpartition(".")[0]):
        end = spot[0][spot[1]].end_lineno or 0
        lines[end:end] = ["", *new]
    elif owner:
        raise KeyError(owner)
    else:
        lines += ["", *new, ""]
    return "\n".join(lines)


def filled(answer: ast.Module, path: Path, names: Sequence[str], reference: Path) -> CodeType:
    """The learner's module compiled, with the functions `names` taken from the reference.

    Tracebacks through a function that was filled in show the reference's file and line.
    """
    if not names:
        return compile(answer, path, "exec")
    original = ast.parse(reference.read_bytes())
    taken = {name: function for name in names if (function := find(original, name))}
    for name, function in taken.items():
        body, index = _spot(answer, name) or (answer.body, -1)
        body[index] = function
    place = _after_future(answer)
    answer.body[place:place] = _imports(answer, original, list(taken.values()))
    starts = {(name, first_line(function)) for name, function in taken.items()}
    return _relabelled(compile(answer, path, "exec"), starts, str(reference))


def _spot(tree: ast.AST, name: str) -> tuple[list[ast.stmt], int] | None:
    """Where the (last) definition of `name` stands: a list of statements and an index."""
    first, _, rest = name.partition(".")
    found: tuple[list[ast.stmt], int] | None = None
    for body in _bodies(tree):
        for index, node in enumerate(body):
            if isinstance(node, Definition) and node.name == first:
                found = (body, index)
    if found and rest:
        return _spot(found[0][found[1]], rest)
    return found


def _bodies(node: ast.AST) -> Iterator[list[ast.stmt]]:
    """The statement lists of a scope, those under `if`, `try` and `with` included."""
    for _, value in ast.iter_fields(node):
        if not isinstance(value, list):
            continue
        if value and isinstance(value[0], ast.stmt):
            yield value
        for child in value:
            if isinstance(child, ast.stmt | ast.ExceptHandler) and not isinstance(
                child, Definition
            ):
                yield from _bodies(child)


def bound_names(tree: ast.Module) -> set[str]:
    """The names that the module itself defines at its top, its imports left out."""
    kept = (one for one in tree.body if not isinstance(one, ast.Import | ast.ImportFrom))
    return {name for statement in kept for name in _bound(statement)}


def _bound(statement: ast.stmt) -> Iterator[str]:
    """The names that a statement gives a meaning to."""
    if isinstance(statement, ast.Import | ast.ImportFrom):
        for alias in statement.names:
            yield alias.asname or alias.name.partition(".")[0]
    elif isinstance(statement, Definition):
        yield statement.name
    else:
        yield from _stored(statement)


def _stored(node: ast.AST) -> Iterator[str]:
    """The names that are assigned in a statement; those of a comprehension are its own."""
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
        yield node.id
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, COMPREHENSIONS | Definition):
            yield from _stored(child)


def _blank(text: str, function: Function, statement: str) -> str:
    lines = text.split("\n")
    indent = " " * function.col_offset + INDENT
    documented = ast.get_docstring(function, clean=False) is not None
    first, end = function.body[0], _end_of_body(lines, function)
    if first.lineno == _header_end(lines, function):  # def f(): ... on one line
        header = lines[first.lineno - 1].encode()[: first.col_offset].decode().rstrip()
        words = [header]
        if documented:
            words.append(indent + (ast.get_source_segment(text, first) or ""))
        lines[first.lineno - 1 : end] = [*words, indent + statement]
    else:
        start = first.end_lineno if documented else _header_end(lines, function)
        lines[start:end] = [indent + statement]
    return "\n".join(lines)


def _header_end(lines: list[str], function: Function) -> int:
    """The line with the signature's colon: the last before the body that is not a comment."""
    first = function.body[0]
    line = first_line(first) if isinstance(first, Definition) else first.lineno
    if lines[line - 1].encode()[: first.col_offset].strip():
        return line
    line -= 1
    while not lines[line - 1].strip() or lines[line - 1].lstrip().startswith("#"):
        line -= 1
    return line


def _end_of_body(lines: list[str], function: Function) -> int:
    """The function's last line, with the comments that trail it at the body's depth."""
    end = number = function.end_lineno or function.lineno
    while number < len(lines):
        text = lines[number]
        words = text.lstrip()
        if words and not words.startswith("#"):
            break
        number += 1
        if words and len(text) - len(words) > function.col_offset:
            end = number
    return end


def _after_future(tree: ast.Module) -> int:
    """The first place where an import may stand: after docstring and `from __future__`."""
    place = 1 if ast.get_docstring(tree, clean=False) is not None else 0
    for index, node in enumerate(tree.body):
        if isinstance(node, ast.ImportFrom) and node.module == "__future__":
            place = index + 1
    return place


def _imports(
    answer: ast.Module, original: ast.Module, functions: Sequence[Function]
) -> list[ast.stmt]:
    """The reference's imports that the functions need and the learner's module lacks."""
    used = {
        node.id
        for function in functions
        for node in ast.walk(function)
        if isinstance(node, ast.Name)
    }
    lacking = used - {name for statement in answer.body for name in _bound(statement)}
    return [
        node
        for node in original.body
        if isinstance(node, ast.Import | ast.ImportFrom) and lacking & set(_bound(node))
    ]


def _relabelled(code: CodeType, starts: set[tuple[str, int]], filename: str) -> CodeType:
    """`code` with the functions that begin at `starts` said to come from `filename`."""
    constants = []
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            name = constant.co_qualname.replace("<locals>.", "")
            if (name, constant.co_firstlineno) in starts:
                constant = _moved(constant, filename)
            else:
                constant = _relabelled(constant, starts, filename)
        constants.append(constant)
    return code.replace(co_consts=tuple(constants))


def _moved(code: CodeType, filename: str) -> CodeType:
    constants = tuple(
        _moved(one, filename) if isinstance(one, CodeType) else one for one in code.co_consts
    )
    return code.replace(co_filename=filename, co_consts=constants)

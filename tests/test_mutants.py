"""Every check is proven: plausible wrong answers fail it, in words that name the mistake."""

import ast
import os
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest
from support import Result, pytest_here

from course import selection
from course.mutation import FOLDER, Mutant, all_mutants, merged, parsed, without_docstrings
from course.steps import Step, all_steps

MUTANTS = all_mutants()

LEAST = 8
"""The mutants that each step has at least."""

each_mutant = pytest.mark.parametrize("mutant", MUTANTS, ids=[mutant.name for mutant in MUTANTS])
each_step = pytest.mark.parametrize("step", all_steps(), ids=lambda step: step.name)


def checked(mutant: Mutant, folder: Path) -> Result:
    """The verdict on the mutant as a learner's answer."""
    answers = folder / mutant.name
    answer = answers / mutant.step.name / mutant.reference.name
    answer.parent.mkdir(parents=True)
    answer.write_text(mutant.text, encoding="utf-8")
    return pytest_here(f"steps/{mutant.step.name}/{mutant.check}", f"--answers={answers}", "-v")


@pytest.fixture(scope="module")
def verdicts(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Future[Result]]]:
    """The verdicts on all mutants that are to run, worked out on all processors at once."""
    folder = tmp_path_factory.mktemp("mutants")
    wanted = [
        item.callspec.params["mutant"]
        for item in request.session.items
        if isinstance(item, pytest.Function) and "verdicts" in item.fixturenames
    ]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        yield {one.name: pool.submit(checked, one, folder) for one in wanted}
        pool.shutdown(cancel_futures=True)


@each_mutant
def test_mutant_is_rejected(mutant: Mutant, verdicts: dict[str, Future[Result]]) -> None:
    result = verdicts[mutant.name].result()
    assert result.code == 1, f"{mutant.check} does not notice it:\n{result.text}"
    assert "cannot be used" not in result.out, f"it cannot even be imported:\n{result.out}"
    assert mutant.phrase in result.out, f"{mutant.phrase!r} is not in:\n{result.out}"


@each_mutant
def test_mutant_differs_from_the_reference(mutant: Mutant) -> None:
    spoilt = merged(parsed(mutant.reference), parsed(mutant.path))
    assert without_docstrings(spoilt) != without_docstrings(parsed(mutant.reference))


@each_mutant
def test_mutant_names_a_check(mutant: Mutant) -> None:
    file, _, check = mutant.check.partition("::")
    assert check.partition("[")[0] in selection.names(mutant.step.path / file)


@each_step
def test_step_has_enough_mutants(step: Step) -> None:
    assert len([one for one in MUTANTS if one.step == step]) >= LEAST


@each_step
def test_right_modules_pass_the_same_checks(step: Step, tmp_path: Path) -> None:
    """What a mutant fails is the mistake: the module without it, staged like it, passes."""
    mutants = [one for one in MUTANTS if one.step == step]
    assert mutants
    answers = tmp_path / step.name
    answers.mkdir()
    for mutant in mutants:
        whole = ast.unparse(parsed(mutant.reference))
        (answers / mutant.reference.name).write_text(whole, encoding="utf-8")
    checks = sorted({f"steps/{step.name}/{mutant.check}" for mutant in mutants})
    result = pytest_here(*checks, f"--answers={tmp_path}")
    assert result.code == 0, result.text


def test_mutants_belong_to_steps() -> None:
    names = {step.name for step in all_steps()}
    assert {path.name for path in FOLDER.iterdir() if path.is_dir()} <= names


def test_new_definitions_come_before_the_program_starts() -> None:
    reference = ast.parse("def a(): pass\nif __name__ == '__main__': a()\n")
    mutant = ast.parse("import b\nclass C: pass\ndef a(): return C()\n")
    text = ast.unparse(merged(reference, mutant))
    assert text.index("import b") < text.index("return C()") < text.index("class C")
    assert text.index("class C") < text.index("__main__")


def test_methods_are_replaced_one_by_one() -> None:
    reference = ast.parse(
        "class A:\n    x = 1\n    def b(self): return 1\n    def c(self): return 2\n"
    )
    mutant = ast.parse(
        "class A:\n    x = 3\n    def b(self): return 4\n    def d(self): return 5\n"
    )
    text = ast.unparse(merged(reference, mutant))
    assert "return 1" not in text
    assert all(part in text for part in ("x = 3", "return 4", "return 2", "return 5"))

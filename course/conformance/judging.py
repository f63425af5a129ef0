"""The verdict on a case: what came back, against what may."""

from course.conformance.cases import Case
from course.conformance.talking import Outcome


def judged(case: Case, outcome: Outcome) -> str:
    """What is wrong, in a few words; "" where all is as it should be."""
    for number, want in enumerate(case.want):
        which = f"answer {number + 1}: " if len(case.want) > 1 else ""
        if number < len(outcome.answers):
            wrong = want.complaint(outcome.answers[number], outcome.first)
        elif want.may_close and outcome.ended:
            return ""
        else:
            wrong = _missing(outcome)
        if wrong:
            return f"{which}{wrong}"
    return _afterwards(case, outcome)


def _missing(outcome: Outcome) -> str:
    """Why an answer is not there."""
    if outcome.malformed:
        return outcome.malformed
    return "closed without an answer" if outcome.ended else "no answer, and the connection stays"


def _afterwards(case: Case, outcome: Outcome) -> str:
    """What is wrong with the connection, once all answers are there and right."""
    if outcome.no_word:
        return "no 100, and no answer, while the client waits"
    if outcome.extra:
        return "more bytes after the last answer"
    if case.end == "closed" and not outcome.ended:
        return "the connection stays"
    if case.end == "as said":
        says = outcome.answers[-1].closes
        if says and not outcome.ended:
            return "says close, and the connection stays"
        if outcome.ended and not says:
            return "closes, and has not said so"
    return ""

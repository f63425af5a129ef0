"""Small things that several directives write."""

import html

from course.steps import ROOT, Step, all_steps, find_step

DOCS = ROOT / "docs"
NEW_LINE = "<br>"


def indented(text: str, indent: str) -> str:
    """The text with each line that is not empty moved to the right."""
    return "\n".join(indent + line if line else line for line in text.split("\n"))


def fenced(text: str, language: str, *classes: str, **attributes: str) -> str:
    """A block of code, its fence longer than any inside it; its classes are for the style sheet."""
    fence = "```"
    while fence in text:
        fence += "`"
    words = [f".{one}" for one in (language, *classes)]
    words += [f'{name}="{value}"' for name, value in attributes.items() if value]
    return f"{fence} {{ {' '.join(words)} }}\n{text.rstrip()}\n{fence}"


def folded(title: str, body: str, kind: str = "note") -> str:
    """A block that opens when its title is clicked."""
    return f'??? {kind} "{title}"\n\n{indented(body, "    ")}\n'


def escaped(text: str) -> str:
    """The text as it is written in HTML."""
    return html.escape(text, quote=True)


def visible(text: str) -> str:
    """A message as HTML: CR and LF shown where they stand, and lines broken after each LF.

    Its characters stand for bytes; those that are no ASCII are shown as numbers.
    """
    out = []
    for character in text:
        if character == "\r":
            out.append('<span class="cr">CR</span>')
        elif character == "\n":
            out.append(f'<span class="lf">LF</span>{NEW_LINE}')
        elif not " " <= character <= "~":
            out.append(f'<span class="byte">{ord(character):02X}</span>')
        else:
            out.append(escaped(character))
    return "".join(out)


def before(step: Step) -> Step | None:
    """The step before a step."""
    earlier = [one for one in all_steps() if one.number < step.number]
    return earlier[-1] if earlier else None


def step_of(label: str) -> Step:
    """The step with this number; UnknownStep where there is none."""
    return find_step(label)

"""The command line: its options, its help, its errors. What a command does is in `commands/`.

Nothing heavy is imported here: a command imports what it needs when it is called.
"""

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from course.environment import PROGRAM
from course.steps import CourseError

app = typer.Typer(
    add_completion=False,
    rich_markup_mode=None,
    context_settings={"max_content_width": 100},
)

Context = typer.Context
StepName = Annotated[str, typer.Argument(metavar="NN", help="The step, such as 02.")]
Mine = Annotated[bool, typer.Option("--mine", help="With your own modules in it.")]
Script = Annotated[
    str, typer.Option(metavar="NAME", help="Another script of the step, such as hello.")
]
Answers = Annotated[
    str | None, typer.Option(metavar="DIR", help="The folder with the answers, if not the usual.")
]
PASSED_ON: dict[str, Any] = {"allow_extra_args": True, "ignore_unknown_options": True}

QUESTIONS = {
    "NN": "which step?",
    "NN.k": "which exercise?",
    "NN[.k]": "which step or exercise?",
    "target": "which server?",
    "BYTES...": "which bytes?",
    "listen": "where shall it listen?",
    "--out": "into which folder?",
}
"""What is asked where an argument, or an option that has to be there, is missing."""


def main(arguments: list[str]) -> None:
    """Run a command and exit with its code; every error is one line on stderr, and code 2."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    try:
        code = app(arguments, prog_name=PROGRAM, standalone_mode=False)
    except typer.TyperException as error:
        code = complain(mistyped(error))
    except CourseError as error:
        code = complain(str(error))
    sys.exit(code if isinstance(code, int) else 0)


def complain(message: str) -> int:
    """Say what is wrong on stderr; returns the exit code for it."""
    print(f"course: {message}", file=sys.stderr)
    return 2


def mistyped(error: typer.TyperException) -> str:
    """What is wrong with a command as it was typed, and where it is shown how to type it."""
    context: Any = getattr(error, "ctx", None)
    message = " ".join(error.format_message().split()).removesuffix(".")
    if message.startswith(("Missing argument ", "Missing option ")):
        example = context.command.epilog.splitlines()[2].strip()
        question = QUESTIONS[message.split("'")[1]]
        return f"{question} e.g. {example}"
    return f"{message}; see: {context.command_path if context else PROGRAM} --help"


def examples(*commands: str) -> str:
    """The end of a command's help."""
    lines = "\n".join(f"  {PROGRAM} {command}" for command in commands)
    return f"\b\n{'Example' if len(commands) == 1 else 'Examples'}:\n{lines}"


@app.callback(invoke_without_command=True, epilog=examples("start", "check 02"))
def overview(context: Context) -> None:
    """Build your own HTTP server, in Python, from a TCP socket up.

    Without a command: the table of steps, your progress, and what to do next.
    """
    if context.invoked_subcommand is None:
        from course.commands.overview import show

        show()


@app.command(epilog=examples("start", "start --port 9000 --no-browser"))
def start(
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[
        int | None,
        typer.Option(min=0, max=65535, help="The port: 8000, or the next that is free."),
    ] = None,
    browser: Annotated[
        bool, typer.Option(help="Open the page in a browser, where there is a screen.")
    ] = True,
) -> None:
    """Set up what is missing, build the site, and serve it.

    It comes from the server that the course builds.
    """
    from course.commands.start import serve_page

    serve_page(host, port, browser)


@app.command(epilog=examples("site --out public"))
def site(
    out: Annotated[Path, typer.Option(metavar="DIR", help="The folder to write it into.")],
) -> None:
    """Write the site into a folder, for any host of static files.

    It works at any address: at a domain's root and below it.
    """
    from course.commands.site import write

    write(out)


@app.command(context_settings=PASSED_ON, epilog=examples("test", "test -k wiretap"))
def test(context: Context) -> None:
    """Set up what the tests need, and test the whole course.

    That is ruff, mypy and pytest. Arguments after `test` go to pytest.
    """
    from course.commands.everything import test_everything

    raise typer.Exit(test_everything(context.args))


@app.command(
    context_settings=PASSED_ON,
    epilog=examples("run 02", "run 04 --mine --port 8081", "run 01 --script hello"),
)
def run(context: Context, step: StepName, mine: Mine = False, script: Script = "server") -> None:
    """Run a step's server, the reference or yours. Other options go to the server."""
    from course.commands.run import run_step

    run_step(step, script, context.args, mine=mine)


@app.command(
    context_settings=PASSED_ON,
    epilog=examples("check 02", "check 02.1", "check 02 -k query -x", "check 02 --reference"),
)
def check(
    context: Context,
    words: Annotated[
        list[str], typer.Argument(metavar="NN[.k]", help="The steps, or the exercises.")
    ],
    answers: Answers = None,
) -> None:
    """Check your answers to steps or exercises. What follows these goes to pytest."""
    from course.commands.check import check_answers

    check_answers(words, answers)


@app.command(epilog=examples("watch 02", "watch 02 --poll"))
def watch(
    step: StepName,
    answers: Answers = None,
    poll: Annotated[
        bool, typer.Option("--poll", help="Look at the files again and again: slower, sure.")
    ] = False,
) -> None:
    """Check a step each time you save. Keys: r or Enter checks again, h gives a hint, q quits."""
    from course.commands.watch import watch_step

    watch_step(step, answers, poll=poll)


@app.command(epilog=examples("hint 02.1", "hint 02.1 --again"))
def hint(
    exercise: Annotated[
        str, typer.Argument(metavar="NN.k", help="The exercise; for NN the step's next one.")
    ],
    again: Annotated[bool, typer.Option("--again", help="Start over with the first.")] = False,
) -> None:
    """Give a hint, one more each time.

    Where to look, what to do, nearly the answer.
    """
    from course.commands.hint import give_hint

    give_hint(exercise, again=again)


@app.command(epilog=examples("diff 03", "diff 03 server.py"))
def diff(
    step: StepName,
    module: Annotated[
        str, typer.Argument(metavar="[MODULE]", help="Only this module, whole if it is new.")
    ] = "",
) -> None:
    """Show what a step changed since the step before."""
    from course.commands.diff import show_diff

    show_diff(step, module)


@app.command(epilog=examples("reset 02.1", "reset 02"))
def reset(
    target: Annotated[
        str, typer.Argument(metavar="NN[.k]", help="The step, or one exercise of it.")
    ],
) -> None:
    """Start a step or an exercise again.

    A dated copy of what you wrote is kept.
    """
    from course.commands.reset import start_again

    start_again(target)


@app.command(epilog=examples("carry 02"))
def carry(step: StepName) -> None:
    """For contributors: merge a change into the later steps.

    What changed in the step since the last commit, be it a fix or a better word, is carried from
    step to step into the same files, as git merges. It stops at a conflict.
    """
    from course.commands.carry import carry_forward

    raise typer.Exit(carry_forward(step))


@app.command(
    epilog=examples(
        r"send 02 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'",
        r"send 02 --mine --drip 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'",
        r"send localhost:8080 'hello\n'",
    )
)
def send(
    target: Annotated[
        str,
        typer.Argument(help="A step, whose server is started for it; or HOST:PORT; or a URL."),
    ],
    data: Annotated[
        list[str],
        typer.Argument(metavar="BYTES...", help=r"What to send; \r \n \t \xNN \\ are read."),
    ],
    mine: Mine = False,
    drip: Annotated[bool, typer.Option("--drip", help="Send byte by byte.")] = False,
    script: Script = "server",
) -> None:
    """Send bytes to a server, and show what goes over the wire.

    Of several pieces each is sent once the server had time to answer the one before.
    """
    from course.commands.send import send_bytes

    raise typer.Exit(send_bytes(target, *data, mine=mine, drip=drip, script=script))


@app.command(
    epilog=examples("wiretap 8081 127.0.0.1:8080", "wiretap 9000 example.org:80 --limit 200")
)
def wiretap(
    listen: Annotated[str, typer.Argument(help="Where clients connect: PORT or HOST:PORT.")],
    target: Annotated[str, typer.Argument(help="The server: PORT, HOST:PORT or a URL.")],
    limit: Annotated[
        int, typer.Option(min=1, metavar="BYTES", help="Show so much of each chunk.")
    ] = 2048,
) -> None:
    """Stand between client and server, and print every byte."""
    from course.commands.wiretap import tap

    raise typer.Exit(tap(listen, target, limit))


@app.command(
    epilog=examples(
        "bench 06",
        "bench 06 --quick --models threads,selectors",
        "bench 06 --scenarios fast,computing --mine",
    )
)
def bench(
    step: StepName,
    models: Annotated[str, typer.Option(metavar="A,B", help="Only these models of serving.")] = "",
    scenarios: Annotated[str, typer.Option(metavar="A,B", help="Only these scenarios.")] = "",
    quick: Annotated[
        bool, typer.Option("--quick", help="Short runs, each once: for a first look.")
    ] = False,
    mine: Mine = False,
    wait: Annotated[
        float,
        typer.Option(
            min=0, metavar="MINUTES", help="Wait so long for moments when the machine is quiet."
        ),
    ] = 0,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Write into this folder: .cache/bench/NN.")
    ] = None,
    publish: Annotated[
        bool, typer.Option("--publish", help="Write what the chapter shows, too.")
    ] = False,
) -> None:
    """Measure every model of serving that a step has.

    Requests a second, latency and memory, on this machine, in about three minutes.
    """
    from course.commands.bench import run_bench

    raise typer.Exit(
        run_bench(step, models, scenarios, out, quick=quick, publish=publish, mine=mine, wait=wait)
    )


@app.command(
    epilog=examples(
        "attack 07",
        "attack 06 --model selectors --only ghosts,slow-readers",
        'attack --server "node server.js {port}"',
    )
)
def attack(
    step: Annotated[str, typer.Argument(metavar="[NN]", help="The step, such as 07.")] = "",
    only: Annotated[str, typer.Option(metavar="A,B", help="Only these attacks.")] = "",
    list_all: Annotated[bool, typer.Option("--list", help="Say which attacks there are.")] = False,
    mine: Mine = False,
    model: Annotated[str, typer.Option(metavar="NAME", help="This model of serving.")] = "",
    server: Annotated[
        str, typer.Option(metavar="'CMD {port}'", help="Another server, started with this command.")
    ] = "",
    url: Annotated[
        str, typer.Option(metavar="URL", help="A server that runs already, on this machine.")
    ] = "",
    json: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write what was found to this file.")
    ] = None,
) -> None:
    """Attack a server of your own, and see what it stands.

    A step's or another one, on this machine only: with slow clients, floods, smuggled requests and
    more, in less than a minute.
    """
    from course.commands.attack import run_attack, show_attacks

    if list_all:
        show_attacks()
        return
    raise typer.Exit(run_attack(step, only, json, mine=mine, model=model, url=url, server=server))


@app.command(
    epilog=examples(
        "conformance 07",
        "conformance 07 --mine --failed",
        'conformance 07 --server "node server.js {port}" --role file=-',
    )
)
def conformance(
    step: Annotated[
        str, typer.Argument(metavar="NN", help="The step, whose addresses are asked for.")
    ] = "",
    only: Annotated[
        str, typer.Option(metavar="ID|TOPIC", help="Only this case, or this topic.")
    ] = "",
    failed: Annotated[bool, typer.Option("--failed", help="Show only what failed.")] = False,
    mine: Mine = False,
    server: Annotated[
        str, typer.Option(metavar="'CMD {port}'", help="Another server, started with this command.")
    ] = "",
    url: Annotated[str, typer.Option(metavar="URL", help="A server that runs already.")] = "",
    role: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME=PATH", help="Where that server has what is needed; - if nowhere."
        ),
    ] = None,
    list_roles: Annotated[bool, typer.Option("--roles", help="Say which roles there are.")] = False,
    json: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write what was found to this file.")
    ] = None,
    publish: Annotated[
        bool, typer.Option("--publish", help="Write what the site's page shows.")
    ] = False,
) -> None:
    """Try more than 300 cases of RFC 9110 and RFC 9112 on a server.

    What each sends, what may come back, and where that is written. The exit code is 1 where a
    MUST failed.
    """
    from course.commands.conformance import run_conformance, show_roles

    if list_roles:
        show_roles()
        return
    if not step:
        raise CourseError(f"which step? e.g. {PROGRAM} conformance 07")
    raise typer.Exit(
        run_conformance(
            step,
            only,
            role or [],
            json,
            mine=mine,
            url=url,
            server=server,
            failed=failed,
            publish=publish,
        )
    )

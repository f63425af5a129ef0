"""`watch`: check a step again each time a file is saved, and when a key asks for it."""

import os
import queue
import signal
import subprocess
import threading
from contextlib import ExitStack, suppress
from pathlib import Path

from course import answers
from course.commands import hint, keys, next_up
from course.commands.check import pytest_command
from course.commands.watching import Watcher
from course.console import Out
from course.steps import Step, all_steps, find_step

STOP_SECONDS = 5.0
"""How long a check that is to stop may take to put its servers away."""

POLL_SECONDS = 0.1
AGAIN, HINT, QUIT = "r\r\n", "h", "q"


def watch_step(text: str, folder: str | None, *, poll: bool) -> None:
    """Check, and check again, until q or Ctrl-C. CourseError for an unknown step.

    `folder` is where the answers are, if not where they always are.
    """
    step, base = find_step(text), answers.chosen_base(folder)
    answers.write_starters(step, base)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # the terminal is put back first
    folders = watched(step, base)
    Watch(step, base).run(folders, poll=poll)


def watched(step: Step, base: Path | None) -> list[Path]:
    """The step's folder, and every folder with answers that can be on its stage."""
    earlier = [one for one in all_steps() if one.number <= step.number]
    homes = [answers.folder(one, base) for one in earlier]
    return [step.path, *(home for home in homes if home.is_dir() and step.path not in home.parents)]


class Watch:
    """One session: files and keys put words into a queue, and the loop answers them."""

    def __init__(self, step: Step, base: Path | None) -> None:
        self.step = step
        self.base = base
        self.out = Out()
        self.events: queue.Queue[str] = queue.Queue()
        self.over = threading.Event()

    def run(self, folders: list[Path], *, poll: bool) -> None:
        """Announce, check once, then wait for what happens."""
        names = ", ".join(answers.shown(folder) for folder in folders)
        self.out.say(f"Watching {names}", ", looking again and again" if poll else "")
        with ExitStack() as ends:
            watcher = Watcher(folders, lambda: self.events.put(AGAIN[0]), poll=poll)
            ends.callback(watcher.stop)
            ends.callback(self.over.set)
            if keys.has_keyboard():
                ends.enter_context(keys.single_keys())
                threading.Thread(target=self.read_keys, daemon=True).start()
            with suppress(KeyboardInterrupt):
                self.check()
                while self.answer(self.events.get()):
                    pass
        self.out.say("Stopped watching.")

    def read_keys(self) -> None:
        """Put each key into the queue."""
        while not self.over.is_set():
            if key := keys.read_key().lower():
                self.events.put(key)

    def answer(self, event: str) -> bool:
        """Do what an event asks for; False where it asks to stop."""
        if event in AGAIN:
            self.check()
        elif event == HINT:
            self.give_hint()
        return event != QUIT

    def check(self) -> None:
        """Run the checks; what comes meanwhile is answered afterwards, each thing once."""
        self.out.rule(style="dim", characters=self.out.sign("─", "-"))
        meanwhile: list[str] = []
        command = pytest_command([self.step.label], self.base)
        with subprocess.Popen(command, stdin=subprocess.DEVNULL) as run:
            try:
                while run.poll() is None and QUIT not in meanwhile:
                    with suppress(queue.Empty):
                        meanwhile.append(self.events.get(timeout=POLL_SECONDS))
            finally:
                stop(run)
        for event in dict.fromkeys(meanwhile):
            self.events.put(event)
        self.offer()

    def offer(self) -> None:
        """Say what can be done now."""
        dash = self.out.sign("·", "-")
        offers = f"save to check again {dash} "
        pressed = f"r or Enter: now {dash} h: hint {dash} q: quit"
        offers += pressed if keys.has_keyboard() else "Ctrl-C: quit"
        self.out.say((offers, "dim"))

    def give_hint(self) -> None:
        """The next hint for the step's next exercise."""
        found = next_up.next_exercise([self.step], self.base)
        if found is None:
            self.out.say(f"Every exercise of step {self.step.label} is done.")
            return
        step, exercise = found
        hint.tell(exercise, hint.climb(step, exercise, self.base, again=False), "press h")
        self.offer()


def stop(run: "subprocess.Popen[bytes]") -> None:
    """End a check that still runs, as Ctrl-C would, so that it can put its servers away."""
    if run.poll() is None:
        run.send_signal(signal.SIGINT) if os.name == "posix" else run.terminate()
    try:
        run.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        run.kill()

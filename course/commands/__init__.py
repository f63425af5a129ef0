"""What the commands of `python -m course` do, a module each; `course.cli` reads their options."""

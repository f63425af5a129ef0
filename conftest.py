"""Loads the course's pytest plugin."""

pytest_plugins = ["course.plugin"]

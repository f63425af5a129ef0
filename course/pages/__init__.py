"""What turns `docs/` and `steps/` into the site: directives in Markdown, and the files beside it.

mkdocs calls `hook.py`. All else here works on text and files and knows nothing of mkdocs.
"""

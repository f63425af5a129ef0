# mistake: a file that is not there is the end
# module: sources.py
# check: test_sources.py::TestFiles::test_no_file
# phrase: [/static/lost.html]


class Files:
    def has(self, path: str) -> bool:
        """Whatever stands behind it in the chain is never asked below its prefix."""
        return path == self.home or self.pattern.match(path) is not None

# mistake: takes the first prefix that fits, and not the longest
# module: extras/mounting.py
# check: test_mounting.py::TestPrefix::test_longest
# phrase: /shop/admin
class Mount:
    def prefix_of(self, path: str) -> str | None:
        """The longest prefix that fits this path, at the end of one of its segments; or None."""
        fitting = [one for one in self.applications if path == one or path.startswith(f"{one}/")]
        fitting += [""] if "" in self.applications else []
        return fitting[0] if fitting else None

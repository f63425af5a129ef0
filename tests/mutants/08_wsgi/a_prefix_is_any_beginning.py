# mistake: /shop fits /shopping
# module: extras/mounting.py
# check: test_mounting.py::TestPrefix::test_longest
# phrase: /shop
class Mount:
    def prefix_of(self, path: str) -> str | None:
        """The longest prefix that fits this path, at the end of one of its segments; or None."""
        fitting = [one for one in self.applications if path.startswith(one)]
        return max(fitting, key=len, default="" if "" in self.applications else None)

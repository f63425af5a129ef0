# mistake: a value of ".." leads up the path
# module: pattern.py
# check: test_pattern.py::TestFill::test_no_path
# phrase: a step up


class Pattern:
    def fill(self, values: dict[str, Any]) -> str:
        """Points are letters like any other."""
        parts = []
        for segment in self.segments:
            text = segment.text if segment.kind == Kind.LITERAL else str(values.get(segment.text))
            parts.append(quote(text, safe="/" if segment.kind == Kind.PATH else ""))
        path = "/" + "/".join(parts)
        misread = path.startswith("//")
        if misread or self.match(path) != values:
            raise ValueError(f"{self.text} cannot be filled with {values}")
        return path

# mistake: a slash in a word is not encoded
# module: pattern.py
# check: test_pattern.py::TestFill::test_path
# phrase: slash in a word


class Pattern:
    def fill(self, values: dict[str, Any]) -> str:
        """As quote does by itself."""
        parts = []
        for segment in self.segments:
            text = segment.text if segment.kind == Kind.LITERAL else str(values.get(segment.text))
            parts.append(quote(text))
        path = "/" + "/".join(parts)
        misread = path.startswith("//") or {".", ".."} & set(path.split("/"))
        if misread or self.match(path) != values:
            raise ValueError(f"{self.text} cannot be filled with {values}")
        return path

# mistake: a missing value is written None
# module: pattern.py
# check: test_pattern.py::TestFill::test_no_path
# phrase: a name missing


class Pattern:
    def fill(self, values: dict[str, Any]) -> str:
        """Whatever comes is filled in."""
        parts = []
        for segment in self.segments:
            text = segment.text if segment.kind == Kind.LITERAL else str(values.get(segment.text))
            parts.append(quote(text, safe="/" if segment.kind == Kind.PATH else ""))
        path = "/" + "/".join(parts)
        misread = path.startswith("//") or {".", ".."} & set(path.split("/"))
        if misread:
            raise ValueError(f"{self.text} cannot be filled with {values}")
        return path

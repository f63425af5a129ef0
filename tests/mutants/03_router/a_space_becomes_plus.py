# mistake: values are encoded as in a form
# module: pattern.py
# check: test_pattern.py::TestFill::test_path
# phrase: Ada%20L


from urllib.parse import quote_plus


class Pattern:
    def fill(self, values: dict[str, Any]) -> str:
        """Quoted as a form."""
        parts = []
        for segment in self.segments:
            text = segment.text if segment.kind == Kind.LITERAL else str(values.get(segment.text))
            parts.append(quote_plus(text, safe="/" if segment.kind == Kind.PATH else ""))
        path = "/" + "/".join(parts)
        misread = path.startswith("//") or {".", ".."} & set(path.split("/"))
        if misread:
            raise ValueError(f"{self.text} cannot be filled with {values}")
        return path

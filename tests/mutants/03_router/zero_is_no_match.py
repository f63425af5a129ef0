# mistake: a value of 0 is taken for no match
# module: pattern.py
# check: test_pattern.py::TestMatch::test_values
# phrase: int zero


class Pattern:
    def match(self, path: str) -> dict[str, str | int] | None:
        """Falsy values do not fit."""
        parts = [percent_decode(part) for part in path.split("/")[1:]]
        last = len(self.segments) - 1
        if self.segments[last].kind == Kind.PATH and len(parts) > last:
            parts[last:] = ["/".join(parts[last:])]
        if len(parts) != len(self.segments):
            return None
        values = [segment.read(part) for segment, part in zip(self.segments, parts, strict=False)]
        named = {
            segment.text: value
            for segment, value in zip(self.segments, values, strict=False)
            if segment.kind != Kind.LITERAL
        }
        return named if all(value or value == "" for value in values) else None

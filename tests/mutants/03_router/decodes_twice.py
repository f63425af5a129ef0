# mistake: the path is decoded, cut, and decoded again
# module: pattern.py
# check: test_pattern.py::TestMatch::test_values
# phrase: decoded once


from urllib.parse import unquote


class Pattern:
    def match(self, path: str) -> dict[str, str | int] | None:
        """Decode each part twice."""
        parts = [percent_decode(part) for part in path.split("/")[1:]]
        parts = [unquote(part) for part in parts]
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
        return None if None in values else named

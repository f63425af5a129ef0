# mistake: an empty part is taken for one that does not fit
# module: pattern.py
# check: test_pattern.py::TestRead::test_value
# phrase: path and nothing


class Segment:
    def read(self, part: str) -> str | int | None:
        """None for "", whatever the kind."""
        match self.kind:
            case Kind.LITERAL:
                return part if part == self.text else None
            case Kind.INT:
                return int(part) if NUMBER.fullmatch(part) else None
            case Kind.WORD | Kind.PATH:
                return part or None

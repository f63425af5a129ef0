# mistake: {id:int} gives the digits, not the number
# module: pattern.py
# check: test_pattern.py::TestRead::test_int_is_an_int
# phrase: gives an int


class Segment:
    def read(self, part: str) -> str | int | None:
        """The text, where it fits."""
        match self.kind:
            case Kind.LITERAL:
                return part if part == self.text else None
            case Kind.INT:
                return part if NUMBER.fullmatch(part) else None
            case Kind.WORD:
                return part or None
            case Kind.PATH:
                return part

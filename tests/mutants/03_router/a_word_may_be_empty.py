# mistake: /user/ is taken for a user without a name
# module: pattern.py
# check: test_pattern.py::TestRead::test_value
# phrase: word and nothing


class Segment:
    def read(self, part: str) -> str | int | None:
        """Anything is a word."""
        match self.kind:
            case Kind.LITERAL:
                return part if part == self.text else None
            case Kind.INT:
                return int(part) if NUMBER.fullmatch(part) else None
            case Kind.WORD | Kind.PATH:
                return part

# mistake: int() decides what a number is
# module: pattern.py
# check: test_pattern.py::TestRead::test_value
# phrase: int and an underscore


class Segment:
    def read(self, part: str) -> str | int | None:
        """Digits, signs, spaces and underscores alike."""
        match self.kind:
            case Kind.LITERAL:
                return part if part == self.text else None
            case Kind.INT:
                try:
                    return int(part)
                except ValueError:
                    return None
            case Kind.WORD:
                return part or None
            case Kind.PATH:
                return part

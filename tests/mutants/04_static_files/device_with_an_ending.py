# mistake: aux.txt is taken for a file
# module: safe_paths.py
# check: test_safe_paths.py::TestIsSafeName::test_unsafe
# phrase: device with ending


def is_safe_name(name: str) -> bool:
    """Windows does not look at the ending of a device."""
    devices = {"CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"}
    devices |= {f"{port}{number}" for port in ("COM", "LPT") for number in "0123456789¹²³"}
    if not name or name.startswith(".") or name.endswith((".", " ")):
        return False
    return not FORBIDDEN.search(name) and name.upper() not in devices

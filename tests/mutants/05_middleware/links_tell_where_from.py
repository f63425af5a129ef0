# mistake: the fields that nobody misses
# module: guards.py
# check: test_guards.py::TestSecurityHeaders::test_by_name
# phrase: strict-origin-when-cross-origin

SECURITY_FIELDS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": (
        "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
        "base-uri 'none'; form-action 'self'; frame-ancestors 'self'; object-src 'none'"
    ),
}

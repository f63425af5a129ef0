# mistake: a policy for scripts alone, which default-src seems to say already
# module: guards.py
# check: test_guards.py::TestSecurityHeaders::test_policy
# phrase: form-action

SECURITY_FIELDS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": (
        "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
        "frame-ancestors 'self'"
    ),
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}

# mistake: 503 without Connection: close
# module: arrivals.py
# check: test_arrivals.py::test_busy
# phrase: Connection: close
def busy():
    """What a client is told whom we can't serve now."""
    return head(Response(503, fields=Fields({"Retry-After": "1"})))

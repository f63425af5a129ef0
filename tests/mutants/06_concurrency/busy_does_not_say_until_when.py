# mistake: 503 without Retry-After
# module: arrivals.py
# check: test_serving.py::test_bound[threads]
# phrase: Retry-After
def busy():
    """What a client is told whom we can't serve now."""
    return head(Response(503, fields=Fields({"Connection": "close"})))

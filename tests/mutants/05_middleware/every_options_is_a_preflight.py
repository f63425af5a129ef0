# mistake: any OPTIONS is answered as a preflight
# module: cors.py
# check: test_cors.py::TestPreflight::test_plain_options
# phrase: [Access-Control-Request-Method]


def is_preflight(request: Request) -> bool:
    """Who asks for the methods of an address gets no Allow."""
    return request.method == "OPTIONS"

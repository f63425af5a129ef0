# mistake: the option is read, and goes no further
# module: server.py
# check: test_server.py::TestCrash::test_with_debug
# phrase: the page lacks this


def main() -> None:
    """Who asks for the traceback looks for it in vain."""
    parser = all_options()
    arguments = parser.parse_args()
    if arguments.token and not arguments.directory:
        parser.error("--token guards the folder of --directory: name that, too")
    handler = application(
        arguments.directory, arguments.token or "", arguments.origin, arguments.log
    )
    if arguments.explain:
        print(*explain(handler.links), sep="\n")
    else:
        run(lambda connection: serve_connection(connection, handler), arguments)

# mistake: a signal is no order to stop, and ends what is in flight
# module: serving.py
# check: test_serving.py::test_ctrl_c
# phrase: the model is not told
def run(handler: Handler, arguments: argparse.Namespace) -> None:
    """Listen where the options say, and serve as they say, until Ctrl-C or SIGTERM."""
    try:
        listener = listen(arguments.host, arguments.port)
    except OSError as error:
        place = f"{arguments.host}:{arguments.port}"
        reason = (error.strerror or str(error)).partition(" (")[0]
        sys.exit(f"Cannot listen on {place}: {reason}. Try another --port (0 picks a free one).")
    with listener, closing(Stop()) as stop:
        service = service_for(handler, listener, stop, arguments)
        print(f"Serving on {url(listener)}", flush=True)
        try:
            MODELS[arguments.model](service)
        except KeyboardInterrupt:
            sys.exit("Stopped at once; what was in flight is lost.")
    end()

# mistake: answers 408 on an idle connection
# module: connection.py
# check: test_connection.py::TestTheClientStops::test_idle
# phrase: nobody has asked anything
TABLE = {
    (State.IDLE, Event.BEGUN): State.HEAD,
    (State.IDLE, Event.ENDED): State.CLOSED,
    (State.IDLE, Event.TIMED_OUT): State.ANSWERING,
    (State.HEAD, Event.HEAD_READ): State.BODY,
    (State.HEAD, Event.REFUSED): State.ANSWERING,
    (State.HEAD, Event.ENDED): State.ANSWERING,
    (State.HEAD, Event.TIMED_OUT): State.ANSWERING,
    (State.BODY, Event.REQUEST_READ): State.ANSWERING,
    (State.BODY, Event.REFUSED): State.ANSWERING,
    (State.BODY, Event.ENDED): State.ANSWERING,
    (State.BODY, Event.TIMED_OUT): State.ANSWERING,
    (State.ANSWERING, Event.ANSWERED): State.IDLE,
    (State.ANSWERING, Event.LAST_ANSWERED): State.LINGERING,
    (State.LINGERING, Event.ENDED): State.CLOSED,
    (State.LINGERING, Event.TIMED_OUT): State.CLOSED,
}

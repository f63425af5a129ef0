# mistake: one recv is taken for the whole request
# module: hello.py
# check: test_hello.py::test_no_answer_before_the_head_is_whole
# phrase: more bytes than expected


def say_hello(connection: socket.socket) -> None:
    """Answer as soon as anything comes."""
    connection.recv(4096)
    connection.sendall(greeting(GREETING))

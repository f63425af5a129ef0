# mistake: does not close what has failed before the head
# module: wsgi.py
# check: test_hosted.py::TestClose::test_error_before_the_head
# phrase: assert 0 == 1
class HostedApplication:
    def __call__(self, request: Request) -> Response:
        """What the application answers. It is asked until it has given a first block.

        HTTPError 501 for CONNECT, whose target is no path. `OPTIONS *` is a question to the server,
        not to an application (RFC 9110, section 9.3.7). What the application raises passes through.
        """
        if request.method == "CONNECT":
            raise HTTPError(501, "This server does not implement this method.")
        if request.path == "*":
            return Response(204)
        answer = Answer(request.method == "HEAD")
        content = self.application(to_environ(request, self.host), answer.start)
        try:
            return answer.response(Blocks(content))
        except BaseException:
            raise

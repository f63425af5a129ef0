# mistake: who reads does not wait, and may see half a change
# module: notes.py
# check: test_shared_state.py::TestNotes::test_one_request_at_a_time
# phrase: two were in at the same time
class Notes:
    def one_at_a_time(self, endpoint):
        """The endpoint, but with nobody else writing meanwhile."""

        def answer(request, **values):
            if request.method == "GET":
                self.collection = self.state.value
                return endpoint(request, **values)
            with self.state as self.collection:
                return endpoint(request, **values)

        return answer

# mistake: the notes without a lock: two requests change them at the same time
# module: notes.py
# check: test_shared_state.py::TestNotes::test_one_request_at_a_time
# phrase: two were in at the same time
class Notes:
    def one_at_a_time(self, endpoint):
        """The endpoint."""

        def answer(request, **values):
            self.collection = self.state.value
            return endpoint(request, **values)

        return answer

# mistake: takes out whatever is in the queue, for ever
# module: workers.py
# check: test_workers.py::TestWork::test_in_their_order
# phrase: cannot unpack non-iterable NoneType
class Workers(Executor):
    def work(self):
        """What each thread does."""
        while True:
            future, call = self.jobs.get()
            if not future.set_running_or_notify_cancel():
                continue
            try:
                future.set_result(call())
            except BaseException as error:
                future.set_exception(error)

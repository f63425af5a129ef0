# mistake: a worker ends when its first job is done
# module: workers.py
# check: test_workers.py::TestWork::test_in_their_order
# phrase: [0] == [0, 1, 2, 3, 4]
class Workers(Executor):
    def work(self):
        """What each thread does."""
        if job := self.jobs.get():
            future, call = job
            try:
                future.set_result(call())
            except BaseException as error:
                future.set_exception(error)

# mistake: sets the result of a future that was cancelled
# module: workers.py
# check: test_workers.py::TestWork::test_cancelled_job_is_left_out
# phrase: InvalidStateError
class Workers(Executor):
    def work(self):
        """What each thread does: job after job, until it is given None."""
        while job := self.jobs.get():
            future, call = job
            try:
                future.set_result(call())
            except BaseException as error:
                future.set_exception(error)

# mistake: looks whether the job was cancelled, and does not say that it begins
# module: workers.py
# check: test_workers.py::TestWork::test_job_that_is_cancelled_while_it_is_done
# phrase: InvalidStateError


class Workers:
    def work(self):
        """What each thread does: job after job, until it is given None."""
        while job := self.jobs.get():
            future, call = job
            if future.cancelled():
                continue
            try:
                result = call()
            except BaseException as error:
                future.set_exception(error)
            else:
                future.set_result(result)

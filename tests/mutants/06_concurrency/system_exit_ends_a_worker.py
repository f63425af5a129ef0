# mistake: catches Exception, and SystemExit is none
# module: workers.py
# check: test_workers.py::TestWork::test_worker_lives_on
# phrase: the worker died of the SystemExit
class Workers(Executor):
    def work(self):
        """What each thread does: job after job, until it is given None."""
        while job := self.jobs.get():
            future, call = job
            if not future.set_running_or_notify_cancel():
                continue
            try:
                future.set_result(call())
            except Exception as error:
                future.set_exception(error)

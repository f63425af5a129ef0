# mistake: the worker lives on, but nobody learns what became of the job
# module: workers.py
# check: test_workers.py::TestWork::test_worker_lives_on
# phrase: TimeoutError
class Workers(Executor):
    def work(self):
        """What each thread does: job after job, until it is given None."""
        while job := self.jobs.get():
            future, call = job
            if not future.set_running_or_notify_cancel():
                continue
            try:
                future.set_result(call())
            except BaseException:
                pass

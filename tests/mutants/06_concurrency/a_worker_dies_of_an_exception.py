# mistake: a pool that loses a worker for each exception
# module: workers.py
# check: test_workers.py::TestWork::test_worker_lives_on
# phrase: the worker died of the ValueError
class Workers(Executor):
    def work(self):
        """What each thread does: job after job, until it is given None."""
        while job := self.jobs.get():
            future, call = job
            if future.set_running_or_notify_cancel():
                future.set_result(call())

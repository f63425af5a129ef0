# mistake: after the order to stop a silent client is dropped at once
# module: coroutines.py
# check: test_coroutines.py::test_silent_client_has_a_last_call
# phrase: it was dropped before its time
class Coroutines:
    async def finish(self) -> None:
        """Wait until all conversations are over, but no longer than the grace."""
        clock = asyncio.get_running_loop().time
        end, silent = clock() + self.service.grace, set()
        while self.tasks and (left := end - clock()) > 0:
            await asyncio.wait(self.tasks, timeout=min(left, LAST_CALL_SECONDS))
            before, silent = silent, {one for one, talk in self.served.items() if not talk.started}
            for task in silent:
                task.cancel()
        self.handlers.finish(max(0.0, end - clock()))

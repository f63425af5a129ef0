# mistake: a loop that was busy takes its own slowness for the client's
# module: streaming.py
# check: test_coroutines.py::test_bytes_that_came_while_the_loop_was_busy
# phrase: Error
async def receive(reader: StreamReader, exchange: Exchange, seconds: float) -> None:
    """Read until it is clear what to answer. EOFError where the client asks nothing."""
    patience, clock = Patience(seconds), asyncio.get_running_loop().time
    while True:
        began, left = clock(), max(0.0, patience.left)
        try:
            async with asyncio.timeout(left):
                data = await reader.read(CHUNK_BYTES)
        except TimeoutError:
            if True:  # the last look: the loop may have been busy, and the bytes are here
                break
            data = None
        patience.spend(clock() - began, len(data or b""))
        if data is not None and exchange.feed(data):
            return
    exchange.time_out()

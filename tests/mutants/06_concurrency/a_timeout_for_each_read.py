# mistake: asyncio.timeout around each read: a trickle stretches it for ever
# module: streaming.py
# check: test_serving.py::test_trickle
# phrase: 300 bytes later it still waits
async def receive(reader, exchange, seconds):
    """Read until it is clear what to answer. EOFError where the client asks nothing."""
    try:
        while True:
            async with asyncio.timeout(seconds):
                data = await reader.read(CHUNK_BYTES)
            if exchange.feed(data):
                return
    except TimeoutError:
        exchange.time_out()

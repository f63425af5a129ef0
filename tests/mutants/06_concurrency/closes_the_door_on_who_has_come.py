# mistake: closes the door without a look who has come
# module: coroutines.py
# check: test_serving.py::test_stop_while_a_handler_has_the_loop[asyncio]
# phrase: 200
FAREWELL_TURNS = 0

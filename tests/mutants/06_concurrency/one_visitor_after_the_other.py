# mistake: the crowd is a queue: each visit begins when the one before it is over
# module: extras/crowd.py
# check: test_crowd.py::TestCrowd::test_all_begin_together
# phrase: BrokenBarrierError
def crowd(host, port, path, count):
    """So many visits."""
    return [visit(host, port, path) for _ in range(count)]

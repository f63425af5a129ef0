# mistake: as many threads as a machine has processors, and the rest comes later
# module: extras/crowd.py
# check: test_crowd.py::TestCrowd::test_all_begin_together
# phrase: BrokenBarrierError
def crowd(host, port, path, count):
    """So many visits."""
    with ThreadPoolExecutor(4) as pool:
        return list(pool.map(lambda _: visit(host, port, path), range(count)))

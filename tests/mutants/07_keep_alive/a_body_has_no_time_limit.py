# mistake: gives a body no time limit unless it is told one
# module: limits.py
# check: test_limits.py::test_a_body_may_take_as_long_as_a_head
# phrase: assert inf == 7.0
def limits_from(arguments):
    """The limits that the options name."""
    return Limits(
        read_timeout=arguments.read_timeout,
        body_timeout=arguments.body_timeout or float("inf"),
        idle_timeout=arguments.idle_timeout,
        write_timeout=arguments.write_timeout,
        max_body=arguments.max_body,
        max_requests=arguments.max_requests,
    )

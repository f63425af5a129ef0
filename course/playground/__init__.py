"""The Python that runs inside the page: the step's server over a network that is not there.

A browser has no sockets, no threads and no signals. `fake_socket`, `fake_select`, `fake_selectors`
and `fake_signal` stand in for the modules of these names, `lines` is what they stand on, `patience`
keeps time for the checks, `serving` and `checking` do the work.
Only `page` needs the browser; all else runs, and is tested, anywhere.
"""

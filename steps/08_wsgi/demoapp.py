"""The demo application of this course as an application of WSGI: `gunicorn demoapp:app`.

It writes no access log, as the server that hosts it has one. Its notes live in one process: with
several (`gunicorn --workers 2`) each has its own.
"""

from application import application
from wsgi import WSGIApplication

app = WSGIApplication(application(log="off"))

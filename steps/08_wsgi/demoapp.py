"""The demo application of this course as an application of WSGI: `gunicorn demoapp:app`."""

from application import application
from wsgi import WSGIApplication

app = WSGIApplication(application())

"""A small application of Django: `python server.py djangoapp:app`. It knows no server of ours."""

import hashlib
import secrets
import time
from pathlib import Path

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse, StreamingHttpResponse
from django.template import engines
from django.urls import path
from django.views.static import serve

PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Django</title>
<link rel="stylesheet" href="/static/style.css">
<h1>Hello from Django</h1>
<form method="post" enctype="multipart/form-data">{% csrf_token %}
<label>Your name: <input name="name" required></label>
<label>A file: <input type="file" name="file"></label>
<button>Send</button>
</form>
{% if name %}<p id="greeting">Hello, {{ name }}!</p>{% endif %}
{% if file %}
<p id="file">{{ file.name }}: {{ file.size }} bytes, SHA-256 {{ file.digest }}</p>
{% endif %}
</html>
"""

PUBLIC = Path(__file__).parent / "public"


def home(request):
    """The form, and what came of it. The template escapes what strangers write."""
    values = {"name": request.POST.get("name"), "file": described(request)}
    return HttpResponse(engines["django"].from_string(PAGE).render(values, request))


def described(request):
    """Name, size and digest of the file that was sent, if one was."""
    if not (file := request.FILES.get("file")):
        return None
    digest = hashlib.sha256(file.read()).hexdigest()
    return {"name": file.name, "size": file.size, "digest": digest}


def visits(request):
    """How often this browser was here: it brings the number along, in a cookie."""
    number = int(request.COOKIES.get("visits", 0)) + 1
    response = HttpResponse(f"Visit {number}\n", content_type="text/plain")
    response.set_cookie("visits", str(number), httponly=True, samesite="Lax")
    return response


def stream(request):
    """Three lines, each sent when it is there."""

    def lines():
        for number in range(1, 4):
            time.sleep(0.1)
            yield f"{number}\n"

    return StreamingHttpResponse(lines(), content_type="text/plain")


def crash(request):
    """A view with a mistake in it."""
    raise RuntimeError("a mistake of the application")


urlpatterns = [
    path("", home),
    path("visits", visits),
    path("stream", stream),
    path("crash", crash),
    path("static/<path:path>", serve, {"document_root": PUBLIC}),
]

settings.configure(
    SECRET_KEY=secrets.token_hex(),
    ALLOWED_HOSTS=["127.0.0.1", "localhost", "[::1]"],
    ROOT_URLCONF=__name__,
    MIDDLEWARE=[
        "django.middleware.security.SecurityMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
    ],
    LOGGING={  # without DEBUG Django would tell nobody of an error, but by mail
        "version": 1,
        "disable_existing_loggers": False,
        "handlers": {"stderr": {"class": "logging.StreamHandler"}},
        "root": {"handlers": ["stderr"]},
    },
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates"}],
)
django.setup()

app = get_wsgi_application()

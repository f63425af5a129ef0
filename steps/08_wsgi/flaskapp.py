"""A small application of Flask: `python server.py flaskapp:app`. It knows no server of ours."""

import hashlib
import time
from pathlib import Path

from flask import Flask, Response, make_response, render_template_string, request

PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Flask</title>
<link rel="stylesheet" href="/static/style.css">
<h1>Hello from Flask</h1>
<form method="post" enctype="multipart/form-data">
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

app = Flask(__name__, static_folder=PUBLIC, static_url_path="/static")


@app.route("/", methods=["GET", "POST"])
def home():
    """The form, and what came of it. The template escapes what strangers write."""
    return render_template_string(PAGE, name=request.form.get("name"), file=described())


def described():
    """Name, size and digest of the file that was sent, if one was."""
    file = request.files.get("file")
    if not file or not file.filename:
        return None
    content = file.read()
    digest = hashlib.sha256(content).hexdigest()
    return {"name": file.filename, "size": len(content), "digest": digest}


@app.get("/visits")
def visits():
    """How often this browser was here: it brings the number along, in a cookie."""
    number = int(request.cookies.get("visits", 0)) + 1
    response = make_response(f"Visit {number}\n")
    response.set_cookie("visits", str(number), httponly=True, samesite="Lax")
    return response


@app.get("/stream")
def stream():
    """Three lines, each sent when it is there."""

    def lines():
        for number in range(1, 4):
            time.sleep(0.1)
            yield f"{number}\n"

    return Response(lines(), mimetype="text/plain")


@app.get("/crash")
def crash():
    """An endpoint with a mistake in it."""
    raise RuntimeError("a mistake of the application")

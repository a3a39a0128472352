"""The object a WSGI server imports: `gunicorn cvtube.wsgi:app`."""

from cvtube.app import create_app
from cvtube.runtime import build
from cvtube.settings import load

app = create_app(build(load(), interactive=True))

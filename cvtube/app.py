"""The web application, wired on one page. No query and no connection before the first request."""

from __future__ import annotations

from flask import Flask

from cvtube.accounts import access, refusals
from cvtube.accounts import views as accounts
from cvtube.administration import views as administration
from cvtube.browse import link_views as link
from cvtube.browse import views as browse
from cvtube.candidate import context
from cvtube.candidate import views as candidate
from cvtube.captions import views as captions
from cvtube.moderation import views as moderation
from cvtube.operations import views as operations
from cvtube.playback import views as playback
from cvtube.runtime import Runtime
from cvtube.taxonomy import views as taxonomy
from cvtube.upload import tus_views as tus
from cvtube.upload import views as upload
from cvtube.web import (
    assets,
    compression,
    errors,
    filters,
    health,
    language,
    objects,
    recordings,
    requests,
    security,
    security_txt,
    site_pages,
    unit_of_work,
)


def create_app(runtime: Runtime) -> Flask:
    """An application that works with the given runtime."""
    app = Flask("cvtube", static_folder=None)
    app.request_class = requests.Request
    # An address with two slashes in it is none of ours: no redirect to where it might belong.
    app.url_map.merge_slashes = False
    compression.init_app(app)  # first, since what is added first runs last on an answer
    unit_of_work.init_app(app, runtime)
    security.init_app(app, runtime)
    language.init_app(app)
    errors.init_app(app)
    assets.init_app(app)
    filters.init_app(app)

    access.init_app(app)
    refusals.init_app(app)
    context.init_app(app)

    parts = (
        health, security_txt, site_pages, recordings, objects, taxonomy, accounts, candidate,
        upload, tus, captions, moderation, administration, operations, browse, playback, link,
    )  # fmt: skip
    for part in parts:
        app.register_blueprint(part.blueprint)
    app.register_blueprint(
        playback.blueprint, name=playback.BY_LINK, url_prefix=link.blueprint.url_prefix
    )
    return app

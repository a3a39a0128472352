"""What comes again for uploads."""

from __future__ import annotations

import logging

from cvtube.errors import Refused
from cvtube.runtime import current
from cvtube.upload import cancellation
from cvtube.videos.upload_sessions import UploadSession

log = logging.getLogger(__name__)


def expire_uploads() -> None:
    """Give up what nobody has gone on with, and forget what is over."""
    runtime = current()
    now = runtime.now()
    with runtime.transaction() as session:
        late = cancellation.expired_uploads(session, now)
        cancellation.forget_old(session, now)
    for upload_id in late:
        _expire(upload_id)


def _expire(upload_id: str) -> None:
    """One at a time: a film that is being deleted by its owner must not stop the others."""
    runtime = current()
    try:
        with runtime.transaction() as session:
            upload = session.get(UploadSession, upload_id)
            if upload is not None and upload.expires_at <= runtime.now():
                cancellation.abandon(session, upload, runtime.now())
    except Refused as refused:
        log.info("upload %s not given up: %s", upload_id, refused.code)

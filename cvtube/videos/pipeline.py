"""The product on one page: which state wakes which job.

    uploaded ──────────────────────> transcode_clip
    anything a list may show ──────> index_video
    deleted, or a clip abandoned ──> purge_video
    ready, and its owner agrees ───> draft_captions (the clock alone rings: nothing waits for it)
    to be made again ──────────────> transcode_clip, by the clock, when no new film waits
    wanted as one file ────────────> transcode_clip

A ring of `transcode_clip` says that there is work, not which: its worker takes what deserves
it most (`turns`).
Jobs are named by path, since no stage may import the next one. A test resolves each name.
"""

from __future__ import annotations

from cvtube.queue.dispatch import Job
from cvtube.queue.names import Queue

TRANSCODE_CLIP = Job("cvtube.transcode.jobs.transcode_clip", Queue.TRANSCODE)
INDEX_VIDEO = Job("cvtube.browse.jobs.index_video", Queue.GENERAL)
PURGE_VIDEO = Job("cvtube.privacy.jobs.purge_video", Queue.GENERAL)
DRAFT_CAPTIONS = Job("cvtube.captions.jobs.draft_captions", Queue.CAPTIONS)

JOBS = (TRANSCODE_CLIP, INDEX_VIDEO, PURGE_VIDEO, DRAFT_CAPTIONS)

"""Every verb of a film's life: the only code that writes state.

Each verb is a conditional UPDATE plus a `VideoEvent` in the same transaction, and enqueues
the job that its new state asks for. A verb that finds the state changed by somebody else either
stops quietly (machines) or raises `Refused` (people, who must be told).
"""

from __future__ import annotations

from cvtube.videos.lifecycle.captions import (
    approve_captions,
    confirm_captions,
    save_captions,
    send_captions_back,
    write_captions,
)
from cvtube.videos.lifecycle.chapters import add_chapter, move_chapter, remove_chapter
from cvtube.videos.lifecycle.encoding import (
    Made,
    abandon_clip,
    begin_transcode,
    complete_upload,
    fail_transcode,
    finish_reencode,
    finish_transcode,
    put_back_transcode,
    start_clip,
)
from cvtube.videos.lifecycle.films import choose_poster, delete_video, name_job, start_video
from cvtube.videos.lifecycle.publication import (
    change_audience,
    make_link,
    pause,
    publish,
    resume,
    switch_off_link,
    withdraw,
)
from cvtube.videos.lifecycle.review import approve, ask_for_changes, reject, take_down
from cvtube.videos.lifecycle.takes import (
    Trim,
    choose_take,
    discard_old_takes,
    discard_take,
    start_take,
    trim_take,
)
from cvtube.videos.lifecycle.write import record

__all__ = [
    "Made",
    "Trim",
    "abandon_clip",
    "add_chapter",
    "approve",
    "approve_captions",
    "ask_for_changes",
    "begin_transcode",
    "change_audience",
    "choose_poster",
    "choose_take",
    "complete_upload",
    "confirm_captions",
    "delete_video",
    "discard_old_takes",
    "discard_take",
    "fail_transcode",
    "finish_reencode",
    "finish_transcode",
    "make_link",
    "move_chapter",
    "name_job",
    "pause",
    "publish",
    "put_back_transcode",
    "record",
    "reject",
    "remove_chapter",
    "resume",
    "save_captions",
    "send_captions_back",
    "start_clip",
    "start_take",
    "start_video",
    "switch_off_link",
    "take_down",
    "trim_take",
    "withdraw",
    "write_captions",
]

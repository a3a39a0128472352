"""What can go wrong while one films, on the device itself: a stable code, one sentence, what helps.

The browser finds these out, not the server, so they have no HTTP status and are no `Refused`.
The pages carry the sentences; `frontend/src/studio` shows the one whose code it has found.
"""

from __future__ import annotations

import enum
from typing import NamedTuple

from cvtube.i18n import N_


class Help(enum.StrEnum):
    """The one button beside a problem."""

    AGAIN = "again"  # turn the camera on anew
    PHONE = "phone"  # the phone's own camera app, or a file
    NONE = "none"


class RecordingProblem(NamedTuple):
    """One row of the table."""

    sentence: str
    advice: str
    help: Help
    # Where what helps is found differently in each browser (`browserKind` in browser-kind.js).
    advice_in: dict[str, str] = {}  # noqa: RUF012 (never changed)
    # What was filmed before is not touched, and whoever has a take is told so.
    before: bool = False


PROBLEMS: dict[str, RecordingProblem] = {
    # -- before filming ----------------------------------------------------------------------
    "no_recorder": RecordingProblem(
        N_("This browser cannot film."),
        N_("Use your phone's camera, or choose a video you have."),
        Help.PHONE,
    ),
    "not_secure": RecordingProblem(
        N_("This page is not secure, so you cannot film here."),
        N_("Use your phone's camera, or choose a video you have."),
        Help.PHONE,
    ),
    "camera_refused": RecordingProblem(
        N_("Your browser does not let us use the camera."),
        N_("Look next to the web address. Allow the camera. Try again."),
        Help.AGAIN,
        {
            "chrome": N_("Tap the sliders next to the web address. Allow the camera. Try again."),
            "android": N_(
                "Tap the sliders next to the web address, then “Permissions”. "
                "Allow the camera. Try again."
            ),
            "iphone": N_(
                "Tap the icon next to the web address. "
                "Open “Website Settings”. Allow the camera. Try again."
            ),
            "firefox": N_(
                "Tap the crossed-out camera next to the web address. Allow the camera. Try again."
            ),
        },
        before=True,
    ),
    "microphone_refused": RecordingProblem(
        N_("Your browser does not let us use the microphone."),
        N_("Look next to the web address. Allow the microphone. Try again."),
        Help.AGAIN,
        {
            "chrome": N_(
                "Tap the sliders next to the web address. Allow the microphone. Try again."
            ),
            "android": N_(
                "Tap the sliders next to the web address, then “Permissions”. "
                "Allow the microphone. Try again."
            ),
            "iphone": N_(
                "Tap the icon next to the web address. "
                "Open “Website Settings”. Allow the microphone. Try again."
            ),
            "firefox": N_(
                "Tap the crossed-out microphone next to the web address. "
                "Allow the microphone. Try again."
            ),
        },
        before=True,
    ),
    "camera_missing": RecordingProblem(
        N_("We cannot find a camera."),
        N_("Plug one in and try again, or film with your phone."),
        Help.PHONE,
        before=True,
    ),
    "microphone_missing": RecordingProblem(
        N_("We cannot find a microphone."),
        N_("Plug one in and try again, or film with your phone."),
        Help.PHONE,
        before=True,
    ),
    "camera_busy": RecordingProblem(
        N_("Another app is using the camera."),
        N_("Close the other app, such as a call. Then try again."),
        Help.AGAIN,
        before=True,
    ),
    "microphone_busy": RecordingProblem(
        N_("Another app is using the microphone."),
        N_("Close the other app, such as a call. Then try again."),
        Help.AGAIN,
        before=True,
    ),
    # -- while filming -----------------------------------------------------------------------
    "camera_lost": RecordingProblem(
        N_("The camera is not connected."),
        N_("Your recording is saved. Check the cable, then try again."),
        Help.AGAIN,
    ),
    "microphone_lost": RecordingProblem(
        N_("The microphone is not connected."),
        N_("Your recording is saved. Check the cable, then try again."),
        Help.AGAIN,
    ),
    "camera_muted": RecordingProblem(
        N_("Another app is using the camera. We have paused."),
        N_("Your recording is saved. Close the other app, then continue."),
        Help.NONE,
    ),
    "microphone_muted": RecordingProblem(
        N_("Another app is using the microphone. We have paused."),
        N_("Your recording is saved. Close the other app, then continue."),
        Help.NONE,
    ),
    "recorder_failed": RecordingProblem(
        N_("The browser stopped filming."),
        N_("Your recording is saved. Please try again."),
        Help.AGAIN,
    ),
    "recorder_empty": RecordingProblem(
        N_("This browser recorded nothing. It is not your fault."),
        N_("Use your phone's camera, or choose a video you have."),
        Help.PHONE,
    ),
    "take_too_short": RecordingProblem(
        N_("Your recording was shorter than a second."),
        N_("Film again, and speak as long as you like."),
        Help.NONE,
    ),
    # -- keeping -----------------------------------------------------------------------------
    "device_full": RecordingProblem(
        N_("This device is full."),
        N_("Your recording is saved. Free up some space, then continue."),
        Help.NONE,
    ),
    "device_failed": RecordingProblem(
        N_("This device could not save any more."),
        N_("What you filmed so far is saved. Please try again."),
        Help.AGAIN,
    ),
    "file_too_large": RecordingProblem(
        N_("This device has no space for the video."),
        N_("Your video is still on this device. Free up some space."),
        Help.NONE,
    ),
    "file_not_kept": RecordingProblem(
        N_("This device could not save the video."),
        N_("Your video is still on this device. Please try again."),
        Help.NONE,
    ),
    "device_forbidden": RecordingProblem(
        N_("This browser does not let us save videos on this device."),
        N_("You can film. Leave this page open until everything is sent."),
        Help.NONE,
    ),
}

# -- while one speaks an answer: the same finds, and what helps there --------------------------
SPEAKING: dict[str, RecordingProblem] = {
    "microphone_refused": PROBLEMS["microphone_refused"],
    "microphone_busy": PROBLEMS["microphone_busy"],
    "microphone_missing": PROBLEMS["microphone_missing"]._replace(
        advice=N_("Plug in a microphone and try again, or type your answer.")
    ),
    "take_too_short": PROBLEMS["take_too_short"]._replace(
        advice=N_("Record again, and speak as long as you like.")
    ),
    "recorder_failed": RecordingProblem(
        N_("The browser stopped recording."), N_("Please record your answer again."), Help.NONE
    ),
    "no_answer": RecordingProblem(
        N_("Our server is not responding."), N_("Check your connection, then try again."), Help.NONE
    ),
}

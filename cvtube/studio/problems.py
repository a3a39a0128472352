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


class Problem(NamedTuple):
    """One row of the table."""

    sentence: str
    advice: str
    help: Help
    # Where what helps is found differently in each browser (`browserKind` in browser.js).
    advice_in: dict[str, str] = {}  # noqa: RUF012 (never changed)
    # What was filmed before is not touched, and whoever has a take is told so.
    before: bool = False


PROBLEMS: dict[str, Problem] = {
    # -- before filming ----------------------------------------------------------------------
    "no_recorder": Problem(
        N_("This browser cannot film."),
        N_("Use your phone's camera, or choose a film you have."),
        Help.PHONE,
    ),
    "not_secure": Problem(
        N_("Browsers only film on protected pages (https)."),
        N_("Use your phone's camera, or choose a film you have."),
        Help.PHONE,
    ),
    "camera_refused": Problem(
        N_("Your browser does not let us use the camera."),
        N_("Look beside the address. Allow the camera, then try again."),
        Help.AGAIN,
        {
            "chrome": N_("Tap the sliders beside the address. Allow the camera, then try again."),
            "android": N_(
                "Tap the sliders beside the address, then “Permissions”. "
                "Allow the camera, then try again."
            ),
            "iphone": N_(
                "Tap the page sign beside the address. Choose the settings of this page. "
                "Allow the camera, then try again."
            ),
            "firefox": N_(
                "Tap the crossed-out camera beside the address. Allow it, then try again."
            ),
        },
        before=True,
    ),
    "microphone_refused": Problem(
        N_("Your browser does not let us use the microphone."),
        N_("Look beside the address. Allow the microphone, then try again."),
        Help.AGAIN,
        {
            "chrome": N_(
                "Tap the sliders beside the address. Allow the microphone, then try again."
            ),
            "android": N_(
                "Tap the sliders beside the address, then “Permissions”. "
                "Allow the microphone, then try again."
            ),
            "iphone": N_(
                "Tap the page sign beside the address. Choose the settings of this page. "
                "Allow the microphone, then try again."
            ),
            "firefox": N_(
                "Tap the crossed-out microphone beside the address. Allow it, then try again."
            ),
        },
        before=True,
    ),
    "camera_missing": Problem(
        N_("We find no camera here."),
        N_("Plug one in and try again, or film with your phone."),
        Help.PHONE,
        before=True,
    ),
    "microphone_missing": Problem(
        N_("We find no microphone here."),
        N_("Plug one in and try again, or film with your phone."),
        Help.PHONE,
        before=True,
    ),
    "camera_busy": Problem(
        N_("Another program is using the camera."),
        N_("Close it (a call, a meeting), then try again."),
        Help.AGAIN,
        before=True,
    ),
    "microphone_busy": Problem(
        N_("Another program is using the microphone."),
        N_("Close it (a call, a meeting), then try again."),
        Help.AGAIN,
        before=True,
    ),
    # -- while filming -----------------------------------------------------------------------
    "camera_lost": Problem(
        N_("The camera has gone."),
        N_("What you filmed is kept. Plug it in and try again."),
        Help.AGAIN,
    ),
    "microphone_lost": Problem(
        N_("The microphone has gone."),
        N_("What you filmed is kept. Plug it in and try again."),
        Help.AGAIN,
    ),
    "camera_muted": Problem(
        N_("Another program has taken the camera. We paused."),
        N_("What you filmed is kept. Go on when it is free."),
        Help.NONE,
    ),
    "microphone_muted": Problem(
        N_("Another program has taken the microphone. We paused."),
        N_("What you filmed is kept. Go on when it is free."),
        Help.NONE,
    ),
    "recorder_failed": Problem(
        N_("The browser stopped filming."),
        N_("What you filmed is kept. Please try again."),
        Help.AGAIN,
    ),
    "recorder_empty": Problem(
        N_("This browser filmed nothing. It is not your fault."),
        N_("Use your phone's camera, or choose a film you have."),
        Help.PHONE,
    ),
    "take_too_short": Problem(
        N_("This was shorter than a second."),
        N_("Film again, and speak as long as you like."),
        Help.NONE,
    ),
    # -- keeping -----------------------------------------------------------------------------
    "device_full": Problem(
        N_("This device is full."),
        N_("What you filmed is kept. Make some room, then go on."),
        Help.NONE,
    ),
    "device_failed": Problem(
        N_("This device could not keep more."),
        N_("What you filmed so far is kept. Please try again."),
        Help.AGAIN,
    ),
    "file_too_large": Problem(
        N_("This device has no room for the film."),
        N_("Your film is still where it was. Make some room first."),
        Help.NONE,
    ),
    "file_not_kept": Problem(
        N_("This device could not keep the film."),
        N_("Your film is still where it was. Please try again."),
        Help.NONE,
    ),
    "device_forbidden": Problem(
        N_("This browser does not let us keep films on this device."),
        N_("You can film. Leave this page open until everything is sent."),
        Help.NONE,
    ),
}

# -- while one speaks an answer: the same finds, and what helps there --------------------------
SPEAKING: dict[str, Problem] = {
    "microphone_refused": PROBLEMS["microphone_refused"],
    "microphone_busy": PROBLEMS["microphone_busy"],
    "microphone_missing": PROBLEMS["microphone_missing"]._replace(
        advice=N_("Plug one in and try again, or type your answer.")
    ),
    "take_too_short": PROBLEMS["take_too_short"]._replace(
        advice=N_("Say it again, and speak as long as you like.")
    ),
    "recorder_failed": Problem(
        N_("The browser stopped recording."), N_("Please say it again."), Help.NONE
    ),
    "no_answer": Problem(
        N_("Our server does not answer."), N_("Look at your network, then try again."), Help.NONE
    ),
}

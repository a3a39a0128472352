"""Every refusal there is: a stable code for machines, an HTTP status, one sentence for people.

Code raises `Refused("code", name=value)`; `cvtube.web.errors` renders it once, as a page or
as JSON. Codes are part of the API: they are never renamed or reused. Sentences say what
happened and what to do, in plain words, at most twelve words each.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import NamedTuple

from cvtube.i18n import N_, translate


class Problem(NamedTuple):
    """One row of the table."""

    status: int
    sentence: str


class Refused(Exception):
    """Something cannot be done; the code says what, the table says the rest.

    `values` fill the `%(name)s` places of the sentence. `headers` go with an HTTP answer
    where a protocol demands them.
    """

    def __init__(
        self, code: str, /, *, headers: dict[str, str] | None = None, **values: object
    ) -> None:
        super().__init__(code)
        self.code = code
        self.values = values
        self.headers = headers or {}

    @property
    def status(self) -> int:
        return PROBLEMS[self.code].status

    def sentence(self, language: str) -> str:
        return translate(PROBLEMS[self.code].sentence, language, **self.values)


CHECKSUM_MISMATCH = 460  # tus 1.0.0, checksum extension; no registered status says it

PROBLEMS: dict[str, Problem] = {
    # -- anywhere ---------------------------------------------------------------------------
    "not_found": Problem(
        HTTPStatus.NOT_FOUND, N_("We cannot find this page, or you cannot open it.")
    ),
    "method_not_allowed": Problem(
        HTTPStatus.METHOD_NOT_ALLOWED, N_("You cannot do that here. Go back and try again.")
    ),
    "bad_request": Problem(
        HTTPStatus.BAD_REQUEST, N_("Something went wrong. Go back and try again.")
    ),
    "json_not_valid": Problem(HTTPStatus.BAD_REQUEST, N_("This request has no valid JSON in it.")),
    "host_unknown": Problem(
        HTTPStatus.BAD_REQUEST, N_("This site has another web address. Check the one you typed.")
    ),
    "form_expired": Problem(
        HTTPStatus.BAD_REQUEST, N_("This page was open too long. Please open it again.")
    ),
    "range_not_there": Problem(
        HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, N_("This part of the file does not exist.")
    ),
    "too_many_requests": Problem(
        HTTPStatus.TOO_MANY_REQUESTS, N_("You tried too many times. Wait a little, then try again.")
    ),
    "request_too_big": Problem(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE, N_("This is too big. Send a smaller file.")
    ),
    "log_in_first": Problem(HTTPStatus.UNAUTHORIZED, N_("Please sign in first.")),
    "internal": Problem(
        HTTPStatus.INTERNAL_SERVER_ERROR,
        N_("Something went wrong on our side. Nothing is lost. Please try again."),
    ),
    "storage_unavailable": Problem(
        HTTPStatus.SERVICE_UNAVAILABLE,
        N_("Our storage is not responding. Nothing is lost. Try again soon."),
    ),
    "storage_full": Problem(
        HTTPStatus.INSUFFICIENT_STORAGE,
        N_("Our storage is full. What you sent before is safe. Try again later."),
    ),
    "took_too_long": Problem(
        HTTPStatus.SERVICE_UNAVAILABLE,
        N_("This takes too long. Ask for less, or try again later."),
    ),
    "database_unavailable": Problem(
        HTTPStatus.SERVICE_UNAVAILABLE,
        N_("Our database is not responding. Nothing is lost. Try again soon."),
    ),
    # -- accounts ---------------------------------------------------------------------------
    "address_not_valid": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        N_("This email address is not complete. Example: first.last@example.org"),
    ),
    "address_taken": Problem(
        HTTPStatus.CONFLICT, N_("There is already an account with this email address.")
    ),
    "demo_address_only": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        N_("This is a demo. Use an email address that ends in @example.org."),
    ),
    "password_too_short": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        N_("This password is too short. Type at least %(shortest)s characters."),
    ),
    "password_too_long": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        N_("This password is too long. Type at most %(longest)s characters."),
    ),
    "password_too_common": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        N_("This password is too easy to guess. Choose another one."),
    ),
    "name_not_valid": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY, N_("A name cannot contain a web or email address.")
    ),
    "given_name_missing": Problem(HTTPStatus.UNPROCESSABLE_ENTITY, N_("Type your first name.")),
    "text_too_long": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        N_("This is too long. Type at most %(longest)s characters."),
    ),
    "wrong_log_in": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY, N_("That email address or password is wrong. Try again.")
    ),
    "password_missing": Problem(HTTPStatus.UNPROCESSABLE_ENTITY, N_("Type your password.")),
    "wrong_password": Problem(HTTPStatus.UNPROCESSABLE_ENTITY, N_("This is not your password.")),
    "account_suspended": Problem(HTTPStatus.FORBIDDEN, N_("This account is suspended.")),
    "not_oneself": Problem(
        HTTPStatus.CONFLICT, N_("Ask another administrator to do this with your account.")
    ),
    "last_administrator": Problem(
        HTTPStatus.CONFLICT, N_("This is the last administrator. Name another one first.")
    ),
    "role_already": Problem(HTTPStatus.CONFLICT, N_("This person has this role already.")),
    "role_needs_address": Problem(
        HTTPStatus.CONFLICT, N_("This role needs an email address and a password.")
    ),
    "role_has_films": Problem(
        HTTPStatus.CONFLICT, N_("This person has videos. They must delete them first.")
    ),
    "not_sure": Problem(HTTPStatus.UNPROCESSABLE_ENTITY, N_("Tick the box if you are sure.")),
    "person_unknown": Problem(
        HTTPStatus.NOT_FOUND, N_("There is no account with this address, number or id.")
    ),
    "tries_slowed": Problem(
        HTTPStatus.TOO_MANY_REQUESTS, N_("You tried too many times. Try again in %(minutes)s min.")
    ),
    "link_expired": Problem(HTTPStatus.GONE, N_("This link no longer works. Ask for a new one.")),
    # -- cards, and the way from a desk to a phone
    "names_too_many": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        N_("Make up to %(most)s cards at a time. Make the others afterwards."),
    ),
    "card_number_length": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY, N_("A card number has %(length)s digits. Check it again.")
    ),
    "card_number_typo": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        N_("One digit of this card number is wrong. Check it again."),
    ),
    "pin_length": Problem(HTTPStatus.UNPROCESSABLE_ENTITY, N_("A PIN has %(length)s digits.")),
    "pin_too_easy": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        N_("This PIN is too easy to guess. Avoid 123456, 111111 or 121212."),
    ),
    "wrong_pin": Problem(HTTPStatus.UNPROCESSABLE_ENTITY, N_("This is not your PIN.")),
    "card_wrong": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY, N_("That card number or PIN is wrong. Try again.")
    ),
    "card_slowed": Problem(
        HTTPStatus.TOO_MANY_REQUESTS, N_("Too many wrong PINs. Scan the QR code on your card.")
    ),
    "card_revoked": Problem(
        HTTPStatus.FORBIDDEN, N_("This card no longer works. Ask your adviser for a new one.")
    ),
    "card_holder_has_address": Problem(
        HTTPStatus.CONFLICT, N_("This person now signs in by email. They need no card.")
    ),
    "hand_over_unknown": Problem(
        HTTPStatus.NOT_FOUND, N_("We do not know this code. Show a new one on the computer.")
    ),
    "hand_over_used": Problem(
        HTTPStatus.GONE, N_("This code was used before. Show a new one on the computer.")
    ),
    "hand_over_expired": Problem(
        HTTPStatus.GONE, N_("This code is too old. Show a new one on the computer.")
    ),
    "organisation_missing": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY, N_("Say which organisation you recruit for.")
    ),
    "siret_not_valid": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY, N_("This is not a SIRET number. It has 14 digits.")
    ),
    "website_not_valid": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY, N_("This is not a website. Example: www.example.org")
    ),
    "charter_missing": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY, N_("Tick the box to accept our rule.")
    ),
    "words_missing": Problem(HTTPStatus.UNPROCESSABLE_ENTITY, N_("Say why, in a few words.")),
    "already_verified": Problem(
        HTTPStatus.CONFLICT, N_("Your organisation is verified. You can no longer change it.")
    ),
    "choice_unknown": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY, N_("This choice does not exist. Choose another one.")
    ),
    "occupation_missing": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY, N_("Say which job you are looking for.")
    ),
    "occupation_unknown": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        N_("We do not know this job. Try another word, or keep yours."),
    ),
    "occupation_unclear": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY, N_("Which of these jobs do you mean?")
    ),
    "place_unknown": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        N_("We do not know this town. Type its name or postcode."),
    ),
    "place_unclear": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY, N_("Which of these towns do you mean?")
    ),
    "day_missing": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY, N_("Enter the day you can start work.")
    ),
    "day_not_valid": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY, N_("Enter a real date. Example: 31/12/2027")
    ),
    "day_too_far": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY, N_("Choose a day within the next 2 years.")
    ),
    "skills_too_many": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY, N_("You added too many skills. Keep your best %(most)s.")
    ),
    "skill_too_long": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        N_("One skill is too long. Use at most %(longest)s characters."),
    ),
    "level_missing": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY, N_("Say how well you speak this language: %(spoken)s.")
    ),
    "language_missing": Problem(HTTPStatus.UNPROCESSABLE_ENTITY, N_("Say which language this is.")),
    "language_twice": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY, N_("You chose this language twice: %(spoken)s.")
    ),
    # -- films ------------------------------------------------------------------------------
    "film_not_yet": Problem(
        HTTPStatus.NOT_FOUND, N_("This video is coming soon. Please come back later.")
    ),
    # What a worker finds out about a sent film. The same words stand on its owner's page.
    "film_unknown_format": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        N_("We do not know this kind of file. Send MP4, MOV or WebM."),
    ),
    "film_unknown_codec": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        N_("We cannot read this video. Film again with your phone's camera."),
    ),
    "film_format_vvc": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        N_("This video is in the VVC format. In your camera's settings, choose H.264."),
    ),
    "film_format_apv": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        N_("This video is in the APV format. In your camera's settings, choose H.264."),
    ),
    "film_format_prores_raw": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        N_("This video is in the ProRes RAW format. In your camera's settings, choose H.264."),
    ),
    "film_format_dnxhd": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        N_("This video is in the DNxHD format. Save it as MP4 and send that."),
    ),
    "film_format_cineform": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        N_("This video is in the CineForm format. Save it as MP4 and send that."),
    ),
    "film_format_windows_media": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        N_("This video is in the Windows Media format. Save it as MP4 and send that."),
    ),
    "film_format_realvideo": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        N_("This video is in the RealVideo format. Save it as MP4 and send that."),
    ),
    "film_format_flash": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        N_("This video is in the Flash format. Save it as MP4 and send that."),
    ),
    "film_format_sorenson": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        N_("This video is in the Sorenson format. Save it as MP4 and send that."),
    ),
    "film_format_indeo": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        N_("This video is in the Indeo format. Save it as MP4 and send that."),
    ),
    "film_format_cinepak": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        N_("This video is in the Cinepak format. Save it as MP4 and send that."),
    ),
    "film_format_animation": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        N_("This video is in the QuickTime Animation format. Save it as MP4 and send that."),
    ),
    "film_format_png": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        N_("This video is in the PNG format. Save it as MP4 and send that."),
    ),
    "film_format_gif": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        N_("This video is in the GIF format. Save it as MP4 and send that."),
    ),
    "film_format_jpeg2000": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        N_("This video is in the JPEG 2000 format. Save it as MP4 and send that."),
    ),
    "film_format_screen": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        N_("This is a screen recording in a rare format. Save it as MP4 and send that."),
    ),
    "film_format_uncompressed": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        N_("This video is not compressed. Save it as MP4 and send that."),
    ),
    "film_format_lossless": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        N_("This video is in a lossless format. Save it as MP4 and send that."),
    ),
    "film_dolby_vision": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        N_("This video is in Dolby Vision. In your camera's settings, turn HDR off."),
    ),
    "film_unknown_sound": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        N_("We cannot read this video's sound. Save it as MP4 and send that."),
    ),
    "film_too_many_tracks": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        N_("This file holds too many tracks. Save the video as MP4 and send that."),
    ),
    "film_joined": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        N_("This file holds several recordings. Send each one by itself."),
    ),
    "film_protected": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        N_("This video is copy-protected. Send one that you filmed."),
    ),
    "film_broken": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        N_("This file is damaged. Send it again, or film again."),
    ),
    "film_no_picture": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        N_("This file has sound but no picture. Film again."),
    ),
    "film_still_picture": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY, N_("This is a still picture. Please send a video.")
    ),
    "film_too_short": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY, N_("This video is shorter than a second. Film again.")
    ),
    "film_too_long": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY, N_("This video is too long. Please send a shorter one.")
    ),
    "film_too_many_pixels": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        N_("The picture is too large. Choose 1080p in your camera."),
    ),
    "film_too_small": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        N_("The picture is too small to see you. Film again."),
    ),
    "film_odd_shape": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        N_("The picture is much too wide or too tall. Film again."),
    ),
    "film_too_fast": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        N_("Slow-motion videos do not work here. Film at normal speed."),
    ),
    "film_too_heavy": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        N_("We cannot process this video. Send a shorter one."),
    ),
    "original_gone": Problem(
        HTTPStatus.GONE, N_("We no longer have the file you sent. Your video stays.")
    ),
    "film_has_several_shapes": Problem(
        HTTPStatus.CONFLICT,
        N_("Some parts are wide, some tall. We cannot join them."),
    ),
    "transcode_gave_up": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        N_("We tried several times without success. Please send your video again."),
    ),
    # -- sending a film: the protocol ---------------------------------------------------------
    "tus_version": Problem(
        HTTPStatus.PRECONDITION_FAILED,
        N_("This server speaks version 1.0.0 of the tus protocol."),
    ),
    "tus_header": Problem(
        HTTPStatus.BAD_REQUEST, N_("The header %(header)s is missing or not understood.")
    ),
    "tus_content_type": Problem(
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        N_("Send the video's bytes as application/offset+octet-stream."),
    ),
    "tus_extension": Problem(
        HTTPStatus.BAD_REQUEST, N_("This server does not join uploads (%(header)s).")
    ),
    "upload_offset": Problem(
        HTTPStatus.CONFLICT, N_("Wrong upload offset. Ask for it, then continue from there.")
    ),
    "upload_gone": Problem(
        HTTPStatus.GONE, N_("This upload has expired. Please send the video again.")
    ),
    "upload_length_known": Problem(
        HTTPStatus.BAD_REQUEST, N_("The length of this upload is already known.")
    ),
    "upload_longer_than_said": Problem(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE, N_("The upload is longer than its declared length.")
    ),
    "upload_in_film": Problem(
        HTTPStatus.CONFLICT, N_("This upload is already a video. Delete it on its page.")
    ),
    "checksum_unknown": Problem(
        HTTPStatus.BAD_REQUEST, N_("This server does not know that checksum.")
    ),
    "checksum_mismatch": Problem(
        CHECKSUM_MISMATCH, N_("This part arrived damaged. Please send it again.")
    ),
    "body_broken": Problem(
        HTTPStatus.BAD_REQUEST, N_("You lost connection. What we received is safe. Try again.")
    ),
    # -- sending a film: the file ---------------------------------------------------------------
    "upload_too_big": Problem(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        N_("This video is too big. The limit is %(limit)s."),
    ),
    "too_many_uploads": Problem(
        HTTPStatus.TOO_MANY_REQUESTS,
        N_("You are sending too many videos. Finish or delete one first."),
    ),
    "too_many_films": Problem(
        HTTPStatus.TOO_MANY_REQUESTS,
        N_("You have started many videos. Finish one, or try again later."),
    ),
    "pieces_too_small": Problem(
        HTTPStatus.TOO_MANY_REQUESTS,
        N_("These pieces are too small. Send more bytes at a time."),
    ),
    "enough_for_today": Problem(
        HTTPStatus.TOO_MANY_REQUESTS, N_("You have sent a lot today. Please continue tomorrow.")
    ),
    "no_file": Problem(HTTPStatus.BAD_REQUEST, N_("No video was chosen. Please choose one.")),
    "empty_file": Problem(HTTPStatus.BAD_REQUEST, N_("This file is empty. Please choose another.")),
    "is_a_picture": Problem(
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE, N_("This is a picture. Please choose a video.")
    ),
    "looks_like_a_song": Problem(
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        N_("This looks like a song. Choose a video, or save your video as MP4."),
    ),
    "is_sound_only": Problem(
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        N_("This is sound without a picture. Please choose a video."),
    ),
    "is_a_document": Problem(
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE, N_("This is a document. Please choose a video.")
    ),
    "is_a_text": Problem(
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE, N_("This is a text file. Please choose a video.")
    ),
    "is_a_playlist": Problem(
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        N_("This is a playlist. Please send the video itself."),
    ),
    "is_an_archive": Problem(
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        N_("This is a zip file. Open it and choose the video."),
    ),
    "unknown_film_kind": Problem(
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        N_("We cannot read this kind of video. Send it as MP4."),
    ),
    "not_a_film": Problem(
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE, N_("This file is not a video. Please choose another.")
    ),
    # -- voice notes --------------------------------------------------------------------------
    "voice_note_too_big": Problem(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        N_("This voice note is too long. Speak for under a minute."),
    ),
    "not_a_voice_note": Problem(
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        N_("We cannot play this voice note. Please record it again."),
    ),
    # -- captions -----------------------------------------------------------------------------
    "captions_changed": Problem(
        HTTPStatus.CONFLICT,
        N_("These captions were changed elsewhere. Compare them, then save again."),
    ),
    "sentence_times": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        N_("A sentence must end after it begins, within this part."),
    ),
    "sentence_too_long": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        N_("One sentence is too long. Split it: at most %(longest)s characters."),
    ),
    "sentences_too_many": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        N_("There are too many sentences. At most %(most)s fit."),
    ),
    "nothing_to_split": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY, N_("You cannot split a single word.")
    ),
    "no_room": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        N_("There is no space here. Split a sentence instead."),
    ),
    "captions_missing": Problem(
        HTTPStatus.BAD_REQUEST, N_("No file was chosen. Please choose one.")
    ),
    "captions_too_big": Problem(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        N_("This file is too big for captions. At most %(limit)s kB."),
    ),
    "captions_unreadable": Problem(
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        N_("This is not a caption file. Choose a .srt or .vtt file."),
    ),
    "captions_empty": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        N_("There are no captions in this file. Choose another one."),
    ),
    "captions_past_end": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        N_("These captions are too long. Do they match this video?"),
    ),
    # -- films ------------------------------------------------------------------------------
    "film_not_ready": Problem(
        HTTPStatus.CONFLICT, N_("Your video is not ready yet. Please wait a little.")
    ),
    "trim_not_valid": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY, N_("At least one second must be left of this part.")
    ),
    "take_decided": Problem(
        HTTPStatus.CONFLICT, N_("Our moderators already have this part. Film it again instead.")
    ),
    "take_too_old": Problem(
        HTTPStatus.GONE, N_("This recording is no longer here. Please film this part again.")
    ),
    "take_in_film": Problem(
        HTTPStatus.CONFLICT, N_("This recording is in your video. Choose another one first.")
    ),
    "film_is_out": Problem(
        HTTPStatus.CONFLICT, N_("Hide your video first. Then you can add a part.")
    ),
    "last_chapter": Problem(HTTPStatus.CONFLICT, N_("A video needs at least one part.")),
    "film_not_sent": Problem(HTTPStatus.CONFLICT, N_("Send your video first.")),
    "consent_missing": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY, N_("Tick each box you need to agree to first.")
    ),
    "already_decided": Problem(HTTPStatus.CONFLICT, N_("This decision has already been made.")),
    "decided_by_you": Problem(HTTPStatus.CONFLICT, N_("You have already decided this.")),
    "undo_too_late": Problem(HTTPStatus.CONFLICT, N_("It is too late to undo this decision.")),
    "film_changed": Problem(
        HTTPStatus.CONFLICT, N_("This video has changed. Please look at it again.")
    ),
    "under_review": Problem(
        HTTPStatus.CONFLICT, N_("Another moderator is looking at this video right now.")
    ),
    "owner_suspended": Problem(
        HTTPStatus.CONFLICT,
        N_("This account is suspended. We will review its videos once it reopens."),
    ),
    "opening_unfinished": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY, N_("Finish the sentence that ends with “…”.")
    ),
    "day_out_of_log": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY, N_("This log does not cover that day.")
    ),
    "unknown_reason": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY, N_("Choose a reason from the list.")
    ),
}

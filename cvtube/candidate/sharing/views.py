"""To whom I show my film: the choice, what it needs agreed to, and my link."""

from __future__ import annotations

from http import HTTPStatus

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from cvtube.accounts.access import for_roles, me
from cvtube.accounts.models import Role
from cvtube.candidate.blueprint import blueprint
from cvtube.candidate.context import job, my_film
from cvtube.candidate.films import film_page, my_films, status_text
from cvtube.candidate.sharing import posters
from cvtube.errors import Refused
from cvtube.i18n import N_
from cvtube.videos import consents, lifecycle, policy, sharing, status
from cvtube.videos.lifecycle import drafts
from cvtube.videos.models import Video, Visibility
from cvtube.videos.status import Situation
from cvtube.web.addresses import full_url
from cvtube.web.filters import qr_picture
from cvtube.web.unit_of_work import db, runtime

# What is left once a yes is taken back.
_LEFT = {
    Visibility.DRAFT: N_("Now only you can see your video."),
    Visibility.PRIVATE_LINK: N_("Recruiters can no longer find your video. Your link still works."),
    Visibility.RECRUITERS: N_("Your link is off. Recruiters can still find your video."),
}


@blueprint.get("/studio/films/<video_id>/audience")
@for_roles(Role.CANDIDATE)
def audience(video_id: str) -> str:
    """Choose who may see my film."""
    video = my_film(video_id)
    return render_template(
        "candidate/sharing/audience.html",
        video=video,
        home=_home(video),
        choices=consents.AUDIENCES.values(),
        nameless=not job(video),
    )


@blueprint.get("/studio/films/<video_id>/sending")
@for_roles(Role.CANDIDATE)
def sending(video_id: str) -> str | AnyResponse:
    """Agree to what these people need; the button sends it, or changes for whom it is."""
    video = my_film(video_id)
    chosen = consents.audience_for(request.args.get("to"))
    if chosen is None:
        return _to("candidate.audience", video)
    page = film_page.outline(db(), video, runtime().now())
    out = video.visibility is not Visibility.DRAFT and not _is_expired(video)
    if out and chosen.visibility is video.visibility:
        return _to("candidate.film", video)
    return render_template(
        "candidate/sharing/sending.html",
        video=video,
        home=_home(video),
        chosen=chosen,
        asked=consents.missing(db(), video.id, chosen.needs),
        besides=consents.may_add(
            db(), video.id, drafts_captions=runtime().settings.drafts_captions
        ),
        out=out,
        ready=out or page.step is film_page.Step.WATCH,
        todo=page.todo,
        approved=page.approved,
        newer=page.situation is Situation.READY,
    )


@blueprint.get("/studio/films/<video_id>/consents")
@for_roles(Role.CANDIDATE)
def agreed(video_id: str) -> str:
    """What I have agreed to, and when; each point can be taken back."""
    video = my_film(video_id)
    given = {consent.purpose: consent for consent in consents.given(db(), video.id)}
    needed = [(point, given[point.code]) for point in consents.PURPOSES if point.code in given]
    besides = [(point, given[point.code]) for point in (consents.CAPTIONS,) if point.code in given]
    return render_template(
        "candidate/sharing/consents.html", video=video, needed=needed, besides=besides
    )


@blueprint.post("/studio/films/<video_id>/consents/<purpose>/withdrawal")
@for_roles(Role.CANDIDATE)
def withdraw_consent(video_id: str, purpose: str) -> AnyResponse:
    """I no longer agree: what needs this point ends now."""
    video = my_film(video_id)
    if purpose == consents.CAPTIONS.code:
        drafts.forbid(db(), video, runtime().now())
        flash(gettext("Automatic captions are now off."), "good")
        return _to("candidate.agreed", video)
    point = next((point for point in consents.PURPOSES if point.code == purpose), None)
    if point is None:
        raise Refused("not_found")
    left = sharing.withdraw_consent(db(), video, runtime().now(), actor=me(), purpose=point)
    flash(gettext(_LEFT[left]), "good")
    return _to("candidate.agreed", video)


# -- the link -------------------------------------------------------------------------------


@blueprint.get("/studio/films/<video_id>/link")
@for_roles(Role.CANDIDATE)
def link(video_id: str) -> str:
    """My link, to copy, to send and to print; or how to get one."""
    video = my_film(video_id)
    if video.visibility is Visibility.DRAFT:
        raise Refused("not_found")
    return render_template(
        "candidate/sharing/link.html",
        video=video,
        address=_address(video),
        asked=consents.missing(db(), video.id, [consents.LINK]),
        works=policy.is_open_by_link(video, runtime().now()),
        expired=_is_expired(video),
    )


@blueprint.post("/studio/films/<video_id>/link")
@for_roles(Role.CANDIDATE)
def make_link(video_id: str) -> AnyResponse:
    """A link, or a new one: the old one is dead at once."""
    video = my_film(video_id)
    old, said = video.link_key, request.form.getlist("consent")
    sharing.make_link(db(), video, said, runtime().now(), actor=me())
    if old:
        flash(gettext("This is your new link. The old one no longer works."), "good")
    return _to("candidate.link", video)


@blueprint.post("/studio/films/<video_id>/link/removal")
@for_roles(Role.CANDIDATE)
def switch_off_link(video_id: str) -> AnyResponse:
    """Nobody gets in by my link any more."""
    video = my_film(video_id)
    lifecycle.switch_off_link(db(), video, runtime().now(), actor=me())
    flash(gettext("Your link is off."), "good")
    return _to("candidate.link", video)


@blueprint.get("/studio/films/<video_id>/link.png")
@for_roles(Role.CANDIDATE)
def link_picture(video_id: str) -> Response:
    """Its QR code as a file, to put on paper."""
    address = _address(my_film(video_id))
    if address is None:
        raise Refused("not_found")
    response = Response(qr_picture(address), mimetype="image/png")
    response.headers["Content-Disposition"] = 'attachment; filename="cv-tube.png"'
    return response


def _address(video: Video) -> str | None:
    return full_url("link.watch", key=video.link_key) if video.link_key else None


def _is_expired(video: Video) -> bool:
    return status.of_film(video, runtime().now()) is Situation.EXPIRED


def _home(video: Video) -> str:
    """The page of the film itself: in parts, as long as nobody else has it, or as it stands."""
    endpoint = "candidate.overview" if my_films.is_in_parts(video) else "candidate.film"
    return url_for(endpoint, video_id=video.id)


def _to(endpoint: str, video: Video) -> AnyResponse:
    return redirect(url_for(endpoint, video_id=video.id), HTTPStatus.SEE_OTHER)


@blueprint.post("/my-films/<video_id>/publication")
@for_roles(Role.CANDIDATE)
def publish(video_id: str) -> AnyResponse:
    """To the moderators, and once they approve, to those whom I choose; also to choose anew."""
    video = my_film(video_id)
    audience = consents.audience_for(request.form.get("to"))
    if audience is None:  # nobody is taken to mean everybody
        raise Refused("choice_unknown")
    if video.visibility is Visibility.DRAFT and not status.may_be_published(video):
        raise Refused("film_not_ready")
    said, now, until = request.form.getlist("consent"), runtime().now(), video.expires_at
    was_shown = policy.is_seen(video, now)
    sharing.share(db(), video, audience.visibility, said, now, actor=me())
    db().expire_all()
    state = status.of_film(video := my_film(video_id), now)
    if was_shown and video.expires_at != until:
        flash(gettext("Your video stays online for 6 more months."), "good")
    elif state is Situation.IN_REVIEW:
        flash(gettext("We have sent your video to our moderators."), "good")
    else:
        _tell(video, state)
    return _to_film(video)


@blueprint.post("/my-films/<video_id>/pause")
@for_roles(Role.CANDIDATE)
def pause(video_id: str) -> AnyResponse:
    """Nobody else sees it for now: I have found something, or need a break."""
    video = my_film(video_id)
    lifecycle.pause(db(), video, runtime().now(), actor=me())
    flash(gettext("Your video is paused. Nobody else sees it."), "good")
    return _to_film(video)


@blueprint.post("/my-films/<video_id>/resumption")
@for_roles(Role.CANDIDATE)
def resume(video_id: str) -> AnyResponse:
    """The end of the pause."""
    video, now = my_film(video_id), runtime().now()
    lifecycle.resume(db(), video, now, actor=me())
    db().expire_all()
    _tell(video := my_film(video_id), status.of_film(video, now))
    return _to_film(video)


@blueprint.post("/my-films/<video_id>/withdrawal")
@for_roles(Role.CANDIDATE)
def withdraw(video_id: str) -> AnyResponse:
    """Back to being nobody's but mine."""
    video = my_film(video_id)
    sharing.withdraw_consent(db(), video, runtime().now(), actor=me())
    flash(gettext("Now only you can see your video."), "good")
    return _to_film(video)


def _tell(video: Video, state: Situation) -> None:
    text = status_text.film_status_text(video, state)
    flash(gettext(text.headline, **text.numbers), "good")


def _to_film(video: Video) -> AnyResponse:
    return redirect(url_for("candidate.film", video_id=video.id), HTTPStatus.SEE_OTHER)


@blueprint.get("/studio/films/<video_id>/poster")
@for_roles(Role.CANDIDATE)
def poster(video_id: str) -> str:
    """The picture that stands for my film, of those its parts offer."""
    video = my_film(video_id)
    return render_template(
        "candidate/sharing/poster.html", video=video, offers=posters.offered_stills(video)
    )


@blueprint.post("/studio/films/<video_id>/poster")
@for_roles(Role.CANDIDATE)
def choose_poster(video_id: str) -> AnyResponse:
    """This one."""
    video = my_film(video_id)
    wanted = request.form.get("picture", "")
    offer = next((one for one in posters.offered_stills(video) if one.value == wanted), None)
    if offer is None:
        raise Refused("choice_unknown")
    chapter, clip = offer.part.chapter, offer.part.clip
    lifecycle.choose_poster(db(), chapter, clip, offer.still, runtime().now(), actor=me())
    return redirect(url_for("candidate.review", video_id=video.id), HTTPStatus.SEE_OTHER)

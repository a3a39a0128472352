"""A film with captions, as tests ask about it; and the form of its page, as browsers send it."""

from __future__ import annotations

from dataclasses import dataclass
from html.parser import HTMLParser

from cvtube.runtime import Runtime
from cvtube.videos import captions
from cvtube.videos.caption_track import CaptionTrack
from cvtube.videos.models import Video
from cvtube.videos.timeline import Version


@dataclass(frozen=True)
class Film:
    runtime: Runtime
    video: Video
    clip: str
    other_clip: str

    @property
    def page(self) -> str:
        return f"/my-films/{self.video.id}/captions/{self.clip}"

    @property
    def other_page(self) -> str:
        return f"/my-films/{self.video.id}/captions/{self.other_clip}"

    def track(self, clip_id: str = "") -> CaptionTrack:
        with self.runtime.reading() as session:
            return session.get_one(CaptionTrack, clip_id or self.clip)

    def texts(self, cut: Version = Version.WORKING, clip_id: str = "") -> list[str]:
        with self.runtime.reading() as session:
            return [cue.text for cue in captions.cues_of(session, [clip_id or self.clip], cut)]

    def spans(self, clip_id: str = "") -> list[tuple[int, int]]:
        with self.runtime.reading() as session:
            found = captions.sentences_of(session, clip_id or self.clip)
            return [(one.start_ms, one.end_ms) for one in found]


class Form(HTMLParser):
    """The fields of the form `data-words`, in the order of the page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.fields: list[list[str]] = []
        self._inside = False
        self._select = self._area = ""
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if tag == "form":
            self._inside = "data-words" in given
        if not self._inside:
            return
        if tag == "input":
            self.fields.append([given["name"], given.get("value", "")])
        if tag == "select":
            self._select = given["name"]
        if tag == "option" and "selected" in given:
            self.fields.append([self._select, given["value"]])
        if tag == "textarea":
            self._area = given["name"]
            self.fields.append([self._area, ""])

    def handle_data(self, data):
        if self._area:
            self.fields[-1][1] += data.removeprefix("\n")

    def handle_endtag(self, tag):
        if tag == "textarea":
            self._area = ""
        if tag == "form":
            self._inside = False

    def set(self, name: str, value: str, number: int = 0) -> Form:
        of_name = [field for field in self.fields if field[0] == name]
        of_name[number][1] = value
        return self

    def get(self, name: str) -> list[str]:
        return [value for known, value in self.fields if known == name]

    def data(self, do: str) -> dict[str, list[str]]:
        names = dict.fromkeys(name for name, _ in self.fields)
        return {**{name: self.get(name) for name in names}, "do": [do]}


def open_form(client, path: str) -> Form:
    page = client.get(path)
    assert page.status_code == 200, page.status
    return Form(page.text)


def press(client, path: str, form: Form, do: str):
    """Submit the form with one of its buttons, and go where that leads."""
    return client.post(path, data=form.data(do), follow_redirects=True)

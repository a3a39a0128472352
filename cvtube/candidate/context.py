"""Who asks for what: the programme this site runs, and my films and parts in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from flask import Flask, current_app

from cvtube.accounts.access import me
from cvtube.candidate.prepare import interview
from cvtube.candidate.prepare.interview import Program, Topic
from cvtube.taxonomy.occupations import JobSought
from cvtube.videos import queries
from cvtube.videos.models import Chapter, Video
from cvtube.web.language import chosen
from cvtube.web.unit_of_work import db, runtime

_EXTENSION = "film_program"


def init_app(app: Flask) -> None:
    """Read the programme once; a mistake in it is a SettingsError before anybody is served."""
    with app.app_context():
        app.extensions[_EXTENSION] = interview.load(runtime().settings.film_program)


def the_program() -> Program:
    """The parts and questions this site knows."""
    return cast(Program, current_app.extensions[_EXTENSION])


@dataclass(frozen=True)
class ChapterContext:
    """One part of my film, with what its topic says to somebody who seeks my job."""

    video: Video
    chapter: Chapter
    topic: Topic | None  # None: a sent film's, or one that the operator has taken out

    @property
    def number(self) -> int:
        return [one.id for one in self.video.chapters].index(self.chapter.id) + 1

    @property
    def title(self) -> str:
        return self.chapter.title or (self.topic.title[chosen()] if self.topic else "")


def my_chapter(chapter_id: str) -> ChapterContext:
    """My chapter and its film; raises Refused("not_found") to everybody else."""
    video = my_film(queries.own_chapter(db(), me().id, chapter_id).video_id)
    chapter = next(one for one in video.chapters if one.id == chapter_id)
    topic = the_program().find(chapter.topic)
    return ChapterContext(video, chapter, topic.fit(job(video).code or "") if topic else None)


def my_film(video_id: str) -> Video:
    """My film, whole."""
    return queries.own_film(db(), me(), video_id)


def job(video: Video) -> JobSought:
    """The job that my film is for."""
    return queries.film_job_sought(video, me().profile)

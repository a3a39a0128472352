"""How the code is laid out: who imports whom, who may do what, and how long things are."""

from __future__ import annotations

import ast
import inspect
import re
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import pytest
import sqlalchemy

from cvtube import schema
from cvtube.accounts.access import GUARD
from cvtube.accounts.people import ERASE_USER
from cvtube.accounts.profile import INDEX_OWNER
from cvtube.jobs.handler import Handler, handler_for
from cvtube.jobs.kinds import KINDS, THERE_IS_WORK, resolve
from cvtube.jobs.models import Job
from cvtube.privacy import retention
from cvtube.queue.names import WORKER_ROLES, Queue
from cvtube.schedule import RECURRING, SCHEDULE
from cvtube.videos.lifecycle.write import INDEX_VIDEO
from tests.house.source import ROOT, named, python_files, tree

LONGEST_FILE = 300
LONGEST_FUNCTION = 40
# Each excuse says why the thing is one idea after all.
EXCUSED_FILES = {
    "cvtube/errors.py": "the one table of every refusal",
    "cvtube/transcode/ffmpeg/encode.py": "one command line, each flag with its reason beside it",
    "cvtube/videos/models.py": "the tables of a film, read beside each other",
}
EXCUSED_FUNCTIONS: dict[str, str] = {}

AXES = {"stage", "review", "visibility"}
UNGUARDED = {"static", "health.alive", "health.ready", "language.choose", "objects.serve"}


def test_imports_keep_their_contracts():
    lint = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [lint, "--no-logo", "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


def test_every_view_says_for_whom_it_is(app):
    silent = [
        endpoint
        for endpoint, view in app.view_functions.items()
        if endpoint not in UNGUARDED and not hasattr(view, GUARD)
    ]
    assert silent == []


def test_every_message_leads_to_a_function_that_takes_one_name():
    periodic = (
        retention.PURGE_ORIGINAL,
        retention.PURGE_REPLACED,
        retention.PURGE_FILM_FILE,
        retention.SWEEP,
    )
    others = (INDEX_VIDEO, INDEX_OWNER, ERASE_USER)
    for message in (*THERE_IS_WORK.values(), *others, *periodic):
        parameters = list(inspect.signature(resolve(message.path)).parameters.values())
        assert [p.annotation for p in parameters] == ["str"], message.path


def test_every_kind_of_job_is_one_small_class():
    for kind in KINDS.values():
        handler = handler_for(kind)
        assert issubclass(handler, Handler)
        assert "run" in dir(handler), kind
        assert len(inspect.getsource(handler).splitlines()) <= LONGEST_FUNCTION, kind


def test_one_module_gives_leases_and_takes_them():
    """Whoever is to have one for itself makes it a kind of job."""
    leased = {
        named(path)
        for path in python_files("cvtube")
        if "/migrations/" not in named(path) and "lease_until" in path.read_text(encoding="utf-8")
    }
    assert leased == {"cvtube/jobs/leases.py", "cvtube/jobs/models.py"}


# What is claimed in another way, and why that is no lease of work.
EXCUSED_CLAIMS = {
    "review_lock.until": "a courtesy between two people; what decides is the video's state",
    "periodic_run.done_until": "how far work is done, not who does it",
    "decision.contest_until": "a person's time to contest",
}
CLAIM = re.compile(r"(?:^|_)(?:until|leased?|claim(?:ed)?|locked|reserved|taken|heartbeat|worker)")


def claims(columns):
    """The columns whose names say who has a piece of work, or until when."""
    return {str(column) for column in columns if CLAIM.search(column.name)}


def test_no_table_but_the_jobs_says_who_has_work_and_until_when():
    columns = [column for table in schema.metadata.sorted_tables for column in table.columns]
    assert claims(columns) - set(EXCUSED_CLAIMS) == {"job.lease_until", "job.worker"}
    assert set(EXCUSED_CLAIMS) <= claims(columns)


@pytest.mark.parametrize("name", ["claimed_until", "locked_until", "lease_end", "worker_id"])
def test_another_claim_is_seen(name):
    assert claims([sqlalchemy.column(name)]) == {name}


def test_only_the_job_floor_takes_what_nobody_has_locked():
    """`SKIP LOCKED` is how a queue is made of a table; there is one."""
    # It looks whether a film is free, and has the job wait where it is not.
    excused = {"cvtube/videos/lifecycle/drafts.py"}
    found = {
        named(path)
        for path in python_files("cvtube")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.keyword) and node.arg in {"skip_locked", "nowait"}
    }
    assert {path for path in found - excused if not path.startswith("cvtube/jobs/")} == set()
    assert excused <= found


def test_only_the_job_floor_writes_jobs():
    found = [
        named(path, node.lineno)
        for path in python_files("cvtube")
        if not named(path).startswith("cvtube/jobs/")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        and _name(node.func) in {"Job", "update", "delete", "insert"}
        and (_name(node.func) == "Job" or any(_mentions(one, "Job") for one in node.args))
    ]
    assert found == []


def test_every_periodic_task_exists_and_needs_nothing():
    for entry in SCHEDULE:
        assert not inspect.signature(resolve(entry.path)).parameters, entry.path


def test_every_recurring_task_has_a_name_of_its_own_that_a_job_can_bear():
    names = [task.name for task in RECURRING]
    assert len(set(names)) == len(names)
    assert max(map(len, names)) <= Job.target_id.type.length


def test_every_queue_is_served_by_one_role():
    assert sorted(role.queue for role in WORKER_ROLES.values()) == sorted(Queue)


def test_files_stay_short():
    long = {
        named(path): lines
        for path in python_files("cvtube", "workers", "tools")
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST_FILE
    }
    assert set(long) - set(EXCUSED_FILES) == set()


def test_functions_stay_short():
    long = {}
    for path in python_files("cvtube", "workers", "tools"):
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.FunctionDef):
                body = node.body[1:] if ast.get_docstring(node) else node.body
                lines = (node.end_lineno or 0) - body[0].lineno + 1 if body else 0
                if lines > LONGEST_FUNCTION:
                    long[f"{named(path)}:{node.name}"] = lines
    assert set(long) - set(EXCUSED_FUNCTIONS) == set()


def test_no_excuse_outlives_its_reason():
    names = {named(path) for path in python_files("cvtube", "workers", "tools")}
    assert set(EXCUSED_FILES) <= names


@pytest.mark.parametrize(
    "name", ["utils", "util", "helpers", "helper", "common", "manager", "misc"]
)
def test_no_module_is_a_drawer(name):
    assert [p for p in python_files("cvtube") if name in {p.stem, p.parent.name}] == []


def named_alike(trees: dict[str, ast.Module]) -> dict[str, list[str]]:
    """Class names that say two things, with the modules they are in.

    What implements something of the same name (`storage.contract` and the like) says one.
    """
    found = defaultdict(list)
    for module, parsed in trees.items():
        for node in ast.walk(parsed):
            if isinstance(node, ast.ClassDef) and node.name not in map(_name, node.bases):
                found[node.name].append(module)
    return {name: modules for name, modules in found.items() if len(modules) > 1}


def test_no_two_classes_have_one_name():
    assert named_alike({named(path): tree(path) for path in python_files("cvtube")}) == {}


def test_two_classes_of_one_name_are_seen():
    trees = {
        "a": "class Page: pass\nclass Store: pass",
        "b": "class Page(str): pass",
        "c": "class Store(a.Store): pass",
    }
    assert named_alike({name: ast.parse(text) for name, text in trees.items()}) == {
        "Page": ["a", "b"]
    }


def writes_state(node: ast.AST) -> bool:
    """Whether this sets one of the four axes, or adds to the log of a film."""
    if isinstance(node, ast.Assign | ast.AugAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        names = {
            name.attr
            for target in targets
            for name in ast.walk(target)
            if isinstance(name, ast.Attribute) and isinstance(name.ctx, ast.Store)
        }
        return bool(names & AXES) or ("state" in names and _mentions(node.value, "Wording"))
    if not isinstance(node, ast.Call):
        return False
    made = _name(node.func)
    if made == "VideoEvent":
        return True
    if made in {"values", "Clip", "Video", "CaptionTrack"}:
        return any(
            keyword.arg in AXES or (keyword.arg == "state" and _mentions(keyword.value, "Wording"))
            for keyword in node.keywords
        )
    return False


def _mentions(node: ast.AST, name: str) -> bool:
    return any(isinstance(one, ast.Name) and one.id == name for one in ast.walk(node))


def test_only_the_lifecycle_writes_state_and_events():
    """Every axis of `videos/`, captions' too, changes in its verbs, with an event."""
    writers = ("cvtube/videos/lifecycle/",)
    found = [
        named(path, node.lineno)
        for path in python_files("cvtube")
        if not named(path).startswith(writers)
        for node in ast.walk(tree(path))
        if writes_state(node)
    ]
    assert found == []


@pytest.mark.parametrize(
    "line",
    [
        "clip.stage = Stage.READY",
        "one, clip.review = two, Review.NONE",
        "video.visibility = audience",
        "track.state, track.version = Wording.DRAFT, 1",
        "update(Clip).values(stage=Stage.READY)",
        "update(CaptionTrack).values(state=Wording.APPROVED)",
        "CaptionTrack(clip_id=id_, state=Wording.DRAFTING)",
        "VideoEvent(video_id=id_)",
    ],
)
def test_a_write_of_state_is_seen(line):
    assert any(writes_state(node) for node in ast.walk(ast.parse(line)))


def test_commits_happen_at_the_edges_only():
    """One per request (unit_of_work) and one per job step (db.session.transaction)."""
    # The driver's own connection passes on what the edges ask for.
    driver = "cvtube/db/sqlite.py"
    edges = {"cvtube/web/unit_of_work.py", "cvtube/db/session.py", driver}
    found = [
        named(path, node.lineno)
        for path in python_files("cvtube")
        if named(path) not in edges
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and _name(node.func) == "commit"
    ]
    assert found == []


def test_the_clock_is_asked_in_one_place():
    """Everything else is given `now`, so that a test can say what time it is."""
    found = [
        named(path, node.lineno)
        for path in python_files("cvtube")
        if named(path) != "cvtube/runtime.py"
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in {"datetime.now", "date.today"}
    ]
    assert found == []


def test_nothing_catches_everything_but_the_process_loops():
    """A bare `except Exception` hides bugs; only what keeps processes or other jobs going may."""
    excused = {
        "cvtube/jobs/clock.py", "cvtube/jobs/isolation.py",
        "cvtube/server/worker.py", "cvtube/settings_file.py",
    }  # fmt: skip
    found = [
        named(path, node.lineno)
        for path in python_files("cvtube")
        if named(path) not in excused
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or ast.unparse(node.type) in {"Exception", "BaseException"})
    ]
    assert found == []


def _name(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


TEMPLATE_DECORATORS = {
    "app_template_global",
    "app_template_filter",
    "template_global",
    "template_filter",
}


def _is_for_templates(node: ast.AST) -> bool:
    if not isinstance(node, ast.FunctionDef):
        return False
    names = (_name(d.func if isinstance(d, ast.Call) else d) for d in node.decorator_list)
    return any(name in TEMPLATE_DECORATORS for name in names)


def test_what_templates_call_never_asks_the_database():
    """A view gathers what its page shows; nothing is queried while the page is written."""
    found = [
        named(path, node.lineno)
        for path in python_files("cvtube")
        for node in ast.walk(tree(path))
        if (_is_for_templates(node) and any(_asks(one) for one in ast.walk(node)))
        # Handed over by name, its body may stand anywhere: it is written as a decorator instead.
        or (isinstance(node, ast.Call) and _name(node.func) == "add_app_template_global")
    ]
    assert found == []


def _asks(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and _name(node.func) in {"db", "scalar", "scalars", "execute"}


def test_every_form_is_one_of_ours():
    """Their mistakes are refusals with a code (`web.forms`); Flask-WTF's own have none."""
    found = [
        named(path, node.lineno)
        for path in python_files("cvtube")
        if named(path) != "cvtube/web/forms.py"
        for node in ast.walk(tree(path))
        if isinstance(node, ast.alias) and node.name == "FlaskForm"
    ]
    assert found == []

"""Which ffmpeg and ffprobe do the work."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from cvtube.sandbox import probe
from cvtube.sandbox.probe import SandboxLevel, SandboxStatus
from cvtube.settings import SettingsError, load
from cvtube.toolchain import binaries, known_faults, preflight
from cvtube.toolchain import selection as finder
from cvtube.transcode import self_test


@pytest.fixture
def home(tmp_path):
    return tmp_path / "home"


def pretender(path: Path, version="9.1", encoders="libx264 aac mjpeg", decoders="libdav1d"):
    """A program that says about itself what the test wants."""
    lists = {"-encoders": encoders, "-decoders": decoders, "-filters": "zscale"}
    cases = "".join(
        f'{question}) printf " V..... %s  x\\n" {names};;\n' for question, names in lists.items()
    )
    path.write_text(
        f'#!/bin/sh\ncase "$3" in\n-version) echo "{path.name} version {version} Copyright";;\n'
        f"{cases}esac\n"
    )
    path.chmod(0o755)
    return path


def test_a_pair_is_found_that_can_do_everything(home):
    found = finder.select_tools(load(home=home))
    assert {"libx264", "aac", "mjpeg"} <= found.ffmpeg.encoders
    assert found.ffmpeg.decoders & finder.AV1_DECODERS
    assert found.ffmpeg.path.is_absolute()
    assert found.ffmpeg.files[0] == found.ffmpeg.path
    assert all(path.is_file() for path in (*found.ffmpeg.files, *found.ffprobe.files))


def test_a_setting_goes_before_everything(home, tmp_path):
    ffmpeg = pretender(tmp_path / "ffmpeg")
    ffprobe = pretender(tmp_path / "probe").rename(tmp_path / "my-ffprobe")
    ffprobe.write_text(ffprobe.read_text().replace("probe version", "ffprobe version"))
    found = finder.select_tools(load(home=home, ffmpeg=str(ffmpeg), ffprobe=str(ffprobe)))
    assert (found.ffmpeg.path, found.ffprobe.path) == (ffmpeg, ffprobe)
    assert (found.ffmpeg.version, found.ffmpeg.release) == ("9.1", (9, 1, 0))


def test_the_ffprobe_beside_the_ffmpeg_is_preferred(home, tmp_path):
    ffmpeg, sibling = pretender(tmp_path / "ffmpeg"), pretender(tmp_path / "ffprobe")
    assert finder.select_tools(load(home=home, ffmpeg=str(ffmpeg))).ffprobe.path == sibling


@pytest.fixture
def there(tmp_path, monkeypatch):
    """What lies on the PATH, before the packaged ones: a folder for each."""

    def put(number, **says):
        folder = tmp_path / str(number)
        folder.mkdir(exist_ok=True)
        monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
        return pretender(folder / "ffmpeg", **says)

    return put


def fast_av1(monkeypatch, *paths):
    """These say that they have SVT-AV1 3.0."""
    real = binaries._svt_version
    monkeypatch.setattr(
        binaries, "_svt_version", lambda path: (3, 0) if path in paths else real(path)
    )


WITH_AV1 = "libx264 aac mjpeg libsvtav1"


def test_of_several_the_newest_does_the_work_wherever_it_lies(home, there, monkeypatch):
    packaged = finder.select_tools(load(home=home)).ffmpeg
    old = there(1, version="5.1.9-0+deb12u1")
    chosen = finder.select_tools(load(home=home))
    assert chosen.ffmpeg == packaged
    assert any(words.startswith(f"{old} is 5.1.9") for words in chosen.chosen[0].passed_over)
    newer = there(2, version="99.1", encoders=WITH_AV1)
    fast_av1(monkeypatch, newer)
    assert finder.select_tools(load(home=home)).ffmpeg.path == newer
    assert finder.select_tools(load(home=home, ffmpeg=str(old))).ffmpeg.path == old


def test_one_that_makes_av1_goes_before_a_newer_one_that_does_not(home, there, monkeypatch):
    able, newer = there(1, version="98.0", encoders=WITH_AV1), there(2, version="99.0")
    fast_av1(monkeypatch, able)
    choice, _ffprobe = finder.select_tools(load(home=home)).chosen
    assert choice.tool.path == able
    assert f"{newer} is 99.0, without an AV1 encoder that is fast enough" in choice.passed_over


@pytest.mark.parametrize(
    ("says", "reason"),
    [
        ({"version": "4.4.2"}, "is version 4.4.2; 5.1 is the oldest that works"),
        ({"version": "99.0", "decoders": "av1 av1_cuvid"}, "lacks a software decoder for AV1"),
        ({"version": "99.0", "encoders": "libx264"}, "lacks aac, mjpeg"),
        ({"version": "8.0.1"}, "is version 8.0.1, with a known fault in the MP4 demuxer"),
    ],
)
def test_what_cannot_do_the_work_is_passed_over_and_said(home, there, says, reason):
    path = there(1, **says)
    choice, _ffprobe = finder.select_tools(load(home=home)).chosen
    assert choice.tool.path != path
    assert any(words.startswith(f"{path} {reason}") for words in choice.passed_over)


def test_a_development_branch_comes_last(home, there, monkeypatch):
    branch = there(1, version="N-118000-gabcdef", encoders=WITH_AV1)
    fast_av1(monkeypatch, branch)
    assert finder.select_tools(load(home=home)).ffmpeg.path != branch
    assert finder.select_tools(load(home=home, ffmpeg=str(branch))).ffmpeg.release is None


def test_the_ffprobe_of_the_same_version_is_preferred_to_a_newer_one(home, tmp_path, there):
    ffmpeg, sibling = (
        pretender(tmp_path / name, version="8.1.3") for name in ("ffmpeg", "ffprobe")
    )
    pretender(there(1).with_name("ffprobe"), version="99.0")
    assert finder.select_tools(load(home=home, ffmpeg=str(ffmpeg))).ffprobe.path == sibling


@pytest.mark.parametrize(
    ("version", "fault"),
    [
        ("5.1.8-0+deb12u1", True),
        ("5.1.9-0+deb12u1", False),  # Debian 12 takes FFmpeg's repairs with their numbers
        ("6.1.2", True),
        ("7.1.3", True),
        ("7.1.4-0+deb13u1", False),
        ("8.0.3", True),  # perhaps not, but nobody has looked
        ("n8.1", False),
        ("n9.0.2-17-g2a571b6068-20260930", False),
        ("6.1.1-3ubuntu5", False),  # patched without a number: the doctor says so
    ],
)
def test_a_version_with_a_known_fault_in_what_we_use_is_too_old(tmp_path, version, fault):
    tool = finder.inspect_tool(pretender(tmp_path / "ffmpeg", version=version))
    assert bool(known_faults.fault_of(tool)) is fault
    assert known_faults.patched_by(tool) == ("Ubuntu" if "ubuntu" in version else "")


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda path: None, "does not exist"),
        (lambda path: path.write_text("x"), "is not a program"),
        (lambda path: path.mkdir(), "is not a program"),
        (lambda path: pretender(path).write_text("#!/bin/sh\necho hello"), "is not ffmpeg"),
        (lambda path: pretender(path).write_text("#!/bin/sh\nexit 1"), "does not answer -version"),
        (lambda path: pretender(path, version="4.2"), "is version 4.2; 5.1 is the oldest"),
        (lambda path: pretender(path, encoders="aac mjpeg"), "lacks libx264"),
        (lambda path: pretender(path, decoders="av1"), "lacks a software decoder for AV1"),
    ],
)
def test_a_setting_that_does_not_work_is_one_sentence(home, tmp_path, make, reason):
    path = tmp_path / "ffmpeg"
    make(path)
    with pytest.raises(SettingsError) as refusal:
        finder.select_tools(load(home=home, ffmpeg=str(path)))
    sentence = str(refusal.value)
    assert sentence.startswith(f"CVTUBE_FFMPEG: {path} ")
    assert reason in sentence
    assert sentence.endswith(".")


def test_where_there_is_none_the_sentence_says_what_to_do(home, monkeypatch):
    monkeypatch.setattr(finder, "_ffmpegs", lambda: iter([]))
    with pytest.raises(SettingsError, match=r"cvtube\[embedded\]"):
        finder.select_tools(load(home=home))


def test_a_binary_is_asked_once_until_it_changes(tmp_path):
    path = pretender(tmp_path / "ffmpeg")
    first = finder.inspect_tool(path)
    assert finder.inspect_tool(path) is first
    pretender(path, version="9.10")
    assert finder.inspect_tool(path).version == "9.10"


# -- equipment --------------------------------------------------------------------------------


def test_a_good_pair_passes_the_self_test(fit):
    self_test.run(fit.tools, fit.sandbox.shuts_in)


def test_tools_that_only_claim_to_work_are_found_out_before_the_first_film(home, tmp_path):
    """Else every candidate would be told that their film is damaged."""
    ffmpeg = pretender(tmp_path / "ffmpeg")
    with pytest.raises(SettingsError, match="does not do the work"):
        preflight.check_equipment(load(home=home, ffmpeg=str(ffmpeg)), self_test.run)


def test_a_sandbox_is_needed_but_for_the_demo_unless_the_operator_says_otherwise(home, monkeypatch):
    weak = SandboxStatus(SandboxLevel.LIMITS, "the kernel has no Landlock.")
    monkeypatch.setattr(probe, "detect_level", lambda: weak)
    for refused in ({}, {"require_sandbox": True}, {"demo": True, "require_sandbox": True}):
        with pytest.raises(preflight.Unsafe, match="CVTUBE_REQUIRE_SANDBOX=false"):
            preflight.check_equipment(load(home=home, **refused))
    for allowed in ({"demo": True}, {"require_sandbox": False}):
        assert preflight.check_equipment(load(home=home, **allowed)).sandbox is weak


def test_a_self_test_that_was_disturbed_is_tried_again(fit, monkeypatch):
    self_test.run.cache_clear()
    with monkeypatch.context() as disturbed:
        disturbed.setattr(self_test, "A_SECOND", replace(self_test.A_SECOND, file_bytes=10))
        with pytest.raises(preflight.SelfTestFailed):
            self_test.run(fit.tools, fit.sandbox.shuts_in)
    self_test.run(fit.tools, fit.sandbox.shuts_in)

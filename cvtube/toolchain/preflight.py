"""What a worker needs before it takes a job: ffmpeg, ffprobe, and a sandbox that holds them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from cvtube.sandbox import probe
from cvtube.sandbox.probe import SandboxStatus
from cvtube.settings import Settings, SettingsError
from cvtube.toolchain import selection
from cvtube.toolchain.selection import Tools

# The code of a run that did not begin for want of a sandbox.
NO_SANDBOX = "sandbox_missing"


class Unsafe(SettingsError):
    """This machine cannot sandbox ffmpeg, and has to; `equipment` is what it has otherwise."""

    def __init__(self, found: Equipment) -> None:
        super().__init__(
            f"Videos are refused on this machine: {found.sandbox.reason} "
            "Use a newer kernel, or accept the risk with CVTUBE_REQUIRE_SANDBOX=false."
        )
        self.equipment = found


class SelfTestFailed(Exception):
    """The tools cannot make a clip of a film that is known to be good; the message says why."""


# Tools, and whether they run in the sandbox. What went well once is not tried again by a process.
SelfTest = Callable[[Tools, bool], None]


@dataclass(frozen=True)
class Equipment:
    """Ready for work."""

    tools: Tools
    sandbox: SandboxStatus


def check_equipment(settings: Settings, self_test: SelfTest | None = None) -> Equipment:
    """Everything found and proven; cheap but for the first time in a process.

    A worker calls it before it forks, the doctor and the health page to tell of it.

    Raises:
        Unsafe: there is no sandbox, and there has to be.
        SettingsError: with a sentence for the operator.
    """
    found = selection.select_tools(settings)
    finding = probe.detect_level()
    if settings.needs_sandbox and not finding.shuts_in:
        raise Unsafe(Equipment(found, finding))
    try:
        if self_test is not None:
            self_test(found, finding.shuts_in)
    except SelfTestFailed as error:
        raise SettingsError(f"{found.ffmpeg.path} does not do the work: {error}.") from error
    return Equipment(found, finding)

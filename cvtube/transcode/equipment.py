"""What a worker needs before it takes a film: tools that can, and a sandbox that holds them."""

from __future__ import annotations

from dataclasses import dataclass

from cvtube.settings import Settings, SettingsError
from cvtube.transcode import rehearsal, sandbox, tools
from cvtube.transcode.sandbox import Finding
from cvtube.transcode.tools import Tools

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


@dataclass(frozen=True)
class Equipment:
    """Ready for work."""

    tools: Tools
    sandbox: Finding


def ready(settings: Settings) -> Equipment:
    """Everything found and proven; cheap but for the first time in a process.

    A worker calls it before it forks, the doctor and the health page to tell of it.

    Raises:
        Unsafe: there is no sandbox, and there has to be.
        SettingsError: with a sentence for the operator.
    """
    found = tools.find(settings)
    finding = sandbox.examine()
    if settings.needs_sandbox and not finding.shuts_in:
        raise Unsafe(Equipment(found, finding))
    try:
        rehearsal.rehearse(found, shut_in=finding.shuts_in)
    except rehearsal.Failed as error:
        raise SettingsError(f"{found.ffmpeg.path} does not do the work: {error}.") from error
    return Equipment(found, finding)

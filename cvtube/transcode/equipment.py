"""What a worker needs before it takes a film: tools that can, and a sandbox that holds them."""

from __future__ import annotations

from dataclasses import dataclass

from cvtube.settings import Settings, SettingsError
from cvtube.transcode import rehearsal, sandbox, tools
from cvtube.transcode.sandbox import Finding
from cvtube.transcode.tools import Tools


@dataclass(frozen=True)
class Equipment:
    """Ready for work."""

    tools: Tools
    sandbox: Finding


def ready(settings: Settings) -> Equipment:
    """Everything found and proven; cheap but for the first time in a process.

    A worker calls it before it forks, the doctor and the health page to tell of it.

    Raises:
        SettingsError: with a sentence for the operator.
    """
    found = tools.find(settings)
    finding = sandbox.examine()
    if settings.require_sandbox and not finding.shuts_in:
        raise SettingsError(f"CVTUBE_REQUIRE_SANDBOX: films are refused: {finding.reason}")
    try:
        rehearsal.rehearse(found, shut_in=finding.shuts_in)
    except rehearsal.Failed as error:
        raise SettingsError(f"{found.ffmpeg.path} does not do the work: {error}.") from error
    return Equipment(found, finding)

"""Known faults in what we use of ffmpeg, and in which releases they are mended.

Only those in our own demuxers and decoders (`ffmpeg/source.py`): nothing else of it is ever
reached by a film. Add a line when one becomes known; an ffmpeg that has it is taken no more.
"""

from __future__ import annotations

from dataclasses import dataclass

from cvtube.toolchain.binaries import Release, Tool

# Patches its ffmpeg without a new number of FFmpeg's: `6.1.1-3ubuntu5`. Debian takes FFmpeg's own
# repairs with their numbers: `5.1.9-0+deb12u1`.
_PATCHED_WITHOUT_A_NUMBER = "ubuntu"


@dataclass(frozen=True)
class Fault:
    """One fault: where, and the first release of each branch that has it mended."""

    name: str
    where: str
    repairs: tuple[Release, ...]  # oldest branch first; the last also stands for all after it

    def is_in(self, release: Release) -> bool:
        """Whether this release has it, as far as numbers tell."""
        if release >= self.repairs[-1]:
            return False
        return not any(release[:2] == r[:2] and release >= r for r in self.repairs)


FAULTS = (
    # An out-of-bounds write by sizes of encrypted samples; FFmpeg 4.1 to 8.0. Its changelogs have
    # "use 64bit in CENC subsample bounds checks".
    Fault("CVE-2026-40962", "the MP4 demuxer", ((5, 1, 9), (7, 1, 4), (8, 1, 0))),
)


def fault_of(tool: Tool) -> str:
    """Why it is too old, as words that go on after its path; empty: it is not."""
    if tool.release is None or patched_by(tool):
        return ""
    for fault in FAULTS:
        if fault.is_in(tool.release):
            mended = ", ".join(dotted(repair) for repair in fault.repairs)
            return (
                f"is version {tool.version}, with a known fault in {fault.where} "
                f"({fault.name}, mended in {mended})"
            )
    return ""


def patched_by(tool: Tool) -> str:
    """The distribution that answers for its repairs although its number does not; or empty."""
    return "Ubuntu" if _PATCHED_WITHOUT_A_NUMBER in tool.version else ""


def dotted(release: Release) -> str:
    """As FFmpeg writes it: 8.1, not 8.1.0."""
    return ".".join(map(str, release if release[2] else release[:2]))

"""How an attempt may end, other than well.

`Refused` (from `cvtube.errors`) is the film's own fault: trying again would give the same,
so its owner is told at once. Everything here is not.
"""

from __future__ import annotations


class LeaseLost(Exception):
    """The clip was given up, or another worker has it. Stop quietly and leave nothing."""


class JobError(Exception):
    """The attempt ended early; the code says why, for the operator."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class RetryableError(JobError):
    """Something happened to the encoder. It may be the film's doing: the try counts."""


class RetryOnceError(RetryableError):
    """The tools went well and made the wrong thing, or failed at what is whole.

    They would do the same again, if it was not this machine's doing: one more try tells.
    """


class UnavailableError(JobError):
    """This machine or a service it needs is not fit for work now. The try does not count."""

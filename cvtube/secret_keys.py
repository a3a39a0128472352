"""The site's secret key, the ones it had before, and the keys derived from them.

A key signs cookies and addresses, so whoever guesses it can be anybody: one that is missing,
short or printed in our own examples is refused. To change it, the new key goes first and the
old ones stay as fallbacks for a while: what they have signed is still believed, and nothing
is signed with them any more.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from cvtube.address_forms import PLACEHOLDER
from cvtube.home import make_private
from cvtube.settings import Settings
from cvtube.settings_file import SettingsError

SHORTEST = 32  # bytes
FEWEST_SIGNS = 8  # different ones; 32 random hexadecimal digits have some fourteen
FILE = "secret_key"
HOW = 'python3 -c "import secrets; print(secrets.token_urlsafe(32))" makes one.'
NONCE, TAG = 16, 16  # bytes of a sealed text beside what is sealed


@dataclass(frozen=True, repr=False)
class SecretKeys:
    """The key in force, then those before it, the newest first."""

    keys: tuple[bytes, ...]

    @property
    def current(self) -> bytes:
        return self.keys[0]

    def key_for(self, purpose: str) -> bytes:
        """A key of its own for each purpose, so that no signature fits another door."""
        return _derived(self.current, purpose)

    def keys_for(self, purpose: str) -> list[bytes]:
        """The same, and after it those that are still believed."""
        return [_derived(key, purpose) for key in self.keys]

    def seal(self, purpose: str, secret: bytes) -> str:
        """A secret of at most 32 bytes, to be kept where only this site can read it."""
        return _sealed(self.key_for(purpose), secret)

    def unseal(self, purpose: str, sealed: str) -> bytes | None:
        """What was sealed with one of the keys; None if none of them fits."""
        found = (_unsealed(key, sealed) for key in self.keys_for(purpose))
        return next((secret for secret in found if secret is not None), None)

    def is_current(self, purpose: str, sealed: str) -> bool:
        """Whether it was sealed with the key in force."""
        return _unsealed(self.key_for(purpose), sealed) is not None


def load(settings: Settings) -> SecretKeys:
    """The keys the settings name; without one, 256 random bits made once and kept at home.

    Raises:
        SettingsError: a key is not secret enough to be one.
    """
    former = settings.secret_key_fallbacks.split()
    for key in former:
        _refuse_weak("CVTUBE_SECRET_KEY_FALLBACKS", key.encode())
    if settings.secret_key:
        current = settings.secret_key.encode()
        _refuse_weak("CVTUBE_SECRET_KEY", current)
    else:
        current = _kept(settings.home)
    return SecretKeys((current, *(key.encode() for key in former)))


def _refuse_weak(name: str, key: bytes) -> None:
    if len(key) < SHORTEST:
        raise SettingsError(f"{name}: must have at least {SHORTEST} characters. {HOW}")
    if PLACEHOLDER.encode() in key.lower():
        raise SettingsError(f"{name}: is the example's, which everybody knows. {HOW}")
    repeated = key in (key + key)[1:-1]
    if repeated or len(set(key)) < FEWEST_SIGNS:
        raise SettingsError(f"{name}: is too easy to guess. {HOW}")


def _kept(home: Path) -> bytes:
    path = home / FILE
    make_private(home)
    if not path.exists():
        _make(path)
    key = path.read_bytes()
    try:
        _refuse_weak("", key)
    except SettingsError as error:
        raise SettingsError(
            f"CVTUBE_SECRET_KEY: {path} holds no usable key ({len(key)} bytes). "
            "Put it back from your backup, or delete it: everybody then signs in again."
        ) from error
    return key


def _make(path: Path) -> None:
    """Write the key and only then give it its name: nobody ever reads half of one.

    Of several processes that start at once, one gives the name, and all read the same file.
    """
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(secrets.token_hex(32).encode())
            file.flush()
            os.fsync(file.fileno())
        path.hardlink_to(draft)
        _flush(path.parent)
    except FileExistsError:
        return
    except OSError as error:
        raise SettingsError(
            f"CVTUBE_SECRET_KEY: no key can be kept in {path.parent} ({error.strerror}). {HOW}"
        ) from error
    finally:
        draft.unlink(missing_ok=True)


def _flush(folder: Path) -> None:
    """Or the name could be lost with the power, after the key has signed things."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _derived(key: bytes, purpose: str) -> bytes:
    return hmac.new(key, purpose.encode(), hashlib.sha256).digest()


def _sealed(key: bytes, secret: bytes) -> str:
    # One block of keystream, from a nonce that is never used again, and a tag over both.
    nonce = secrets.token_bytes(NONCE)
    hidden = bytes(a ^ b for a, b in zip(secret, _stream(key, nonce), strict=False))
    if len(hidden) != len(secret):
        raise ValueError("too long to be sealed")
    return base64.b64encode(nonce + hidden + _tag(key, nonce + hidden)).decode()


def _unsealed(key: bytes, sealed: str) -> bytes | None:
    raw = base64.b64decode(sealed)
    body, tag = raw[:-TAG], raw[-TAG:]
    if not hmac.compare_digest(_tag(key, body), tag):
        return None
    nonce, hidden = body[:NONCE], body[NONCE:]
    return bytes(a ^ b for a, b in zip(hidden, _stream(key, nonce), strict=False))


def _stream(key: bytes, nonce: bytes) -> bytes:
    return hmac.new(_derived(key, "seal: stream"), nonce, hashlib.sha256).digest()


def _tag(key: bytes, body: bytes) -> bytes:
    return hmac.new(_derived(key, "seal: tag"), body, hashlib.sha256).digest()[:TAG]

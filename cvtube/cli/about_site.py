"""What only the operator can say about the site, and may have forgotten to."""

from __future__ import annotations

from cvtube.cli.check_failures import NotConfigured
from cvtube.i18n import LANGUAGES
from cvtube.runtime import Runtime
from cvtube.web import site_pages


def contact(runtime: Runtime) -> str:
    """Where people ask for help."""
    if not runtime.settings.contact:
        raise NotConfigured(
            "no page says where to ask for help", "Set CVTUBE_CONTACT, such as help@example.org."
        )
    return f"people ask {runtime.settings.contact} for help"


def legal_notice(runtime: Runtime) -> str:
    """Whether the operator says who runs the site, and whether their pages can be read."""
    written = [
        path
        for name in site_pages.NAMES
        for code in LANGUAGES
        if (path := site_pages.own_file(name, code, runtime.settings)).exists()
    ]
    for path in written:
        path.read_bytes()  # what cannot be read is this part's finding
    if not any(path.name == "legal.md" for path in written):
        path = site_pages.own_file("legal", runtime.settings.default_language, runtime.settings)
        raise NotConfigured("the legal notice names nobody", f"Say who runs the site in {path}")
    return f"{len(written)} pages of your own"

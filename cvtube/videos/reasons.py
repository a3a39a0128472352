"""Why a clip is not shown: the vocabulary of decisions, in words a candidate understands.

A decision names one code. The code brings the sentence that the candidate reads, what to do
next, and the ground that a statement of reasons must name (Regulation (EU) 2022/2065, the
Digital Services Act, art. 17(3)(d) and (e)): the rule of this site with the same code, and
the law where the film would break one. Codes are stored and never renamed.

What can be mended by recording once more is "to be redone", never "refused".
"""

from __future__ import annotations

from dataclasses import dataclass

from cvtube.i18n import N_

TIME = "%(time)s"  # in openings: where in the film it happens


@dataclass(frozen=True)
class Reason:
    """One code with its words; all of them are message ids."""

    code: str
    sentence: str  # what is the matter
    advice: str  # what the candidate can do now
    opening: str  # what a moderator's own words may start from
    law: str | None = None  # where the law says so too; else the site's own rule alone
    repairable: bool = False

    @property
    def section(self) -> str:
        """Where it stands in the rules for films: a message id."""
        return TO_REDO if self.repairable else NOT_ACCEPTED


TO_REDO = N_("What we ask you to film again")
NOT_ACCEPTED = N_("What we do not accept")

_FOUND = N_("At %(time)s, the video shows …")
_WITHOUT = N_("You can send another video without it.")

_REPAIRABLE = (
    Reason(
        "sound",
        N_("What you say is hard to hear."),
        N_("Film this part again in a quiet place, close to the phone."),
        N_("At %(time)s, it is hard to hear you, because …"),
        repairable=True,
    ),
    Reason(
        "dark",
        N_("The picture is too dark."),
        N_("Film this part again, facing a window or a lamp."),
        N_("At %(time)s, it is too dark to see …"),
        repairable=True,
    ),
    Reason(
        "orientation",
        N_("The picture is upside down, on its side or mirrored."),
        N_("Film this part again, and check the picture before sending it."),
        N_("At %(time)s, the picture is …"),
        repairable=True,
    ),
    Reason(
        "technical",
        N_("This part does not play from beginning to end."),
        N_("Film this part again, or send it once more from your phone."),
        N_("At %(time)s, the video stops or breaks up, because …"),
        repairable=True,
    ),
    Reason(
        "too_long",
        N_("This part is too long."),
        N_("Film this part again and say only what matters most."),
        N_("You can shorten what you say at %(time)s, about …"),
        repairable=True,
    ),
    Reason(
        "third_person",
        N_("Someone else can be seen or heard."),
        N_("Film this part again with nobody else around."),
        N_("At %(time)s, we can see or hear …"),
        law=N_("Code civil, article 9"),
        repairable=True,
    ),
    Reason(
        "contact_visible",
        N_("A phone number, an address or an email address appears."),
        N_("Film this part again without it. That protects your privacy."),
        N_("At %(time)s, we can read or hear …"),
        repairable=True,
    ),
    Reason(
        "id_document",
        N_("An identity document or a card number can be seen."),
        N_("Film this part again without the document."),
        N_("At %(time)s, we can read …"),
        law=N_("GDPR, article 5(1)(c)"),
        repairable=True,
    ),
    Reason(
        "sensitive_data_self",
        N_("You say something private, such as health, family or religion."),
        N_("Film this part again without it. Recruiters must not use it."),
        N_("At %(time)s, you speak of …"),
        law=N_("Code du travail, article L. 1132-1"),
        repairable=True,
    ),
    Reason(
        "not_a_cv",
        N_("This part is not about your work."),
        N_("Film this part again and say what you can do."),
        N_("Please say what work you are looking for, and …"),
        repairable=True,
    ),
)

_FINAL = (
    Reason(
        "minor_no_consent",
        N_("Someone under 18 appears without their parents’ written agreement."),
        N_("Ask for the written agreement before you send another video."),
        _FOUND,
        law=N_("Code civil, articles 9 and 372-1"),
    ),
    Reason(
        "insult_hate",
        N_("This video insults people or calls for hatred."),
        _WITHOUT,
        _FOUND,
        law=N_("Law of 29 July 1881, articles 24 and 33"),
    ),
    Reason(
        "sexual",
        N_("This video shows or says something sexual."),
        _WITHOUT,
        _FOUND,
        law=N_("Code pénal, article 227-24"),
    ),
    Reason(
        "violence",
        N_("This video shows violence or calls for it."),
        _WITHOUT,
        _FOUND,
        law=N_("Code pénal, article 227-24"),
    ),
    Reason(
        "copyright_music",
        N_("This video uses music or pictures that belong to others."),
        _WITHOUT,
        _FOUND,
        law=N_("Code de la propriété intellectuelle, article L. 335-3"),
    ),
    Reason(
        "employer_secret",
        N_("This video reveals an employer’s secret."),
        _WITHOUT,
        _FOUND,
        law=N_("Code de commerce, article L. 151-5"),
    ),
    Reason(
        "advertising",
        N_("This video is an advertisement."),
        N_("You can send another video about your work."),
        _FOUND,
    ),
    Reason(
        "impersonation",
        N_("This video pretends to come from someone else."),
        N_("You can send another video, made by you, about you."),
        _FOUND,
        law=N_("Code pénal, article 226-4-1"),
    ),
    Reason(
        "scam",
        N_("This video asks people for money or tries to deceive them."),
        N_("You can send another video about your work."),
        _FOUND,
        law=N_("Code pénal, article 313-1"),
    ),
)

REASONS: dict[str, Reason] = {reason.code: reason for reason in (*_REPAIRABLE, *_FINAL)}
REPAIRABLE = tuple(reason.code for reason in _REPAIRABLE)
FINAL = tuple(reason.code for reason in _FINAL)


def reason_for(code: str | None) -> Reason | None:
    """The words of a code, if there are any."""
    return REASONS.get(code or "")

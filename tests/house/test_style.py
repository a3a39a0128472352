"""French as docs/style.md asks for it, as far as a machine can tell.

Every rule is a function from a text to its faults, and each is shown a wrong text below: a check
that cannot fail checks nothing.
"""

from __future__ import annotations

import re
from functools import cache

import pytest

from cvtube.candidate.prepare import interview
from tests.candidate.prepare.test_interview import texts
from tests.house.source import ROOT, tracked
from tests.house.test_words import pairs, site_pages

NARROW, WIDE = "\u202f", "\u00a0"
UNITS = "km|Mo|ko|Go|min|kbit/s|secondes?|minutes?|heures?|caractères|chiffres"
TYPOGRAPHY = {
    "a narrow no-break space before ; ? !": rf"[^{NARROW};?!(«…\s][;?!]|(?<!{NARROW})(?<=\s)[;?!]",
    "a no-break space before :": rf"(?<![{WIDE}\d]):(?=\s|$)",
    "a no-break space inside « »": rf"«(?!{WIDE})|(?<!{WIDE})»",
    "a no-break space between number and unit": rf"(?:\d|\)[sd]) (?:{UNITS})\b",
    "a curved apostrophe": r"'",
    "one character for …": r"\.\.\.",
}

# The glossary's other words. Each has its word in docs/style.md; what a machine cannot tell apart
# ("couper" a recording, or a link) is left to readers.
OTHER_WORDS = {
    "essai": r"\bprises?\b(?! en)",
    "refaire, recommencer": r"\b(?:re|re-)film|filme[rz] encore",
    "mon texte": r"\b[mv]os mots\b(?= (?:pour|sont gardés))|\b(?:mes|ces) mots\b",
    "partie": r"\bchapitre|\bséquence",
    "envoyer": r"\bsoumet|\btransmet|\buploader",
    "cacher, continuer": r"\brepr(?:endre|enez|ise?s?)\b",
    "supprimer, enlever": r"\bjet(?:er|é|ez)\b|\beffac|\babandonn",
    "gardé": r"en sécurité|en lieu sûr",
    "notre équipe, modération": r"\bmodérateur|\bmodératrice|\brelect(?:eur|rice)",
    "vérifier": r"\brelire\b|\brelecture|\brelit\b",
    "accepter, refuser": r"\bapprouv|\bvalid(?:er|ez|é)|\brejet",
    "entreprise": r"\borganisme|\bstructure",
    "marcher": r"\bfonctionn",
    "QR code": r"\bcodes? QR\b",
    "service d’aide": r"\bassistance\b|\bhelpdesk",
    "appuyer sur, écrire": r"\btouchez\b|\btapez\b|\bcliquez\b",
    "personnes": r"\bgens\b|\bceux qui\b",
    "no part of a machine": r"\bnavigateur|\bserveurs?\b|\bstockage|\bbase de don|\bsessions?\b",
    "plain words": r"\bdésormais|\bautrui|\bveuillez|\bsaisir|\bsaisissez|\bvidéoclip",
}

# What people work on, where the rule is about what we call our own.
SAID_OF_WORK = {"administrer un serveur", "utiliser une base de données"}

READER = r"(?:vous|tu|je|moi)"
AGREES = {
    "an adjective after the reader": (
        rf"\b{READER} (?:êtes|serez|étiez|restez|suis|serai|es)(?: \w+ment)? "
        r"(?!d’accord|en )\w+(?:é|i|u|it|is|if|eux|ent|ant|ain|ne|te|le|se|ve)e?s?\b"
    ),
    "a question to one sex": r"[ÊêE]tes-vous (?!d’accord)\w+(?:é|r|t|s|n|x)e?s?\b",
    "seul, after the reader": rf"\b{READER} seule?s?\b|\bseule?s? à\b",
    "one who is a man": r"\b(?:un|le|du|au|ce|votre) (?:candidat|recruteur|modérateur)\b",
    "an adviser in one form": r"\bconseiller\b(?! ou conseillère)(?! [ld])",
    "two forms in one word": r"\w[·•]\w|\w\(e\)|\w\.e\b",
}


def faults(rules: dict[str, str], text: str) -> list[str]:
    """The names of the rules the text breaks."""
    return [name for name, rule in rules.items() if re.search(rule, text, re.IGNORECASE)]


@cache
def french() -> tuple[str, ...]:
    """Every French text of the catalogue, of the programme and of the pages about the site."""
    shipped = interview.load("").model_dump()
    return (*(words for _, words in pairs()), *_in_french(shipped), *_of_the_site())


def _of_the_site():
    """What helps in a browser, and what it keeps, can only be said by its name."""
    for page in site_pages("fr").values():
        yield from (line.replace("navigateur", "") for line in page.splitlines() if line)


def _in_french(value):
    if isinstance(value, dict) and set(value) == {"fr", "en"}:
        yield from texts(value["fr"])
    elif isinstance(value, dict):
        for one in value.values():
            yield from _in_french(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _in_french(one)


def test_every_french_text_is_read():
    assert len(french()) > 1000
    assert {"Quel est votre prénom\u202f?", "maçonner", "Se déconnecter"} <= set(french())


@pytest.mark.parametrize("rules", [TYPOGRAPHY, OTHER_WORDS, AGREES], ids=["spaces", "words", "you"])
def test_no_french_text_breaks_a_rule(rules):
    said = (text for text in french() if text not in SAID_OF_WORK)
    assert {text: wrong for text in said if (wrong := faults(rules, text))} == {}


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("Prêt ?", "Prêt\u202f?"),
        ("Prêt\u00a0?", "Prêt\u202f?"),
        ("Prêt?", "Prêt\u202f?"),
        ("Oui ; non", "Oui\u202f; non"),
        ("Merci!", "Merci\u202f!"),
        ("Exemple :", "Exemple\u00a0:"),
        ("Exemple\u202f: un", "Exemple\u00a0: un"),
        ("« oui »", "«\u00a0oui\u00a0»"),
        ("24 heures", "24\u00a0heures"),
        ("%(n)d Mo", "%(n)d\u00a0Mo"),
        ("l'image", "l’image"),
        ("Un instant...", "Un instant…"),
    ],
)
def test_the_spaces_are_looked_at(wrong, right):
    assert faults(TYPOGRAPHY, wrong) != []
    assert faults(TYPOGRAPHY, right) == []


@pytest.mark.parametrize(
    ("word", "wrong"),
    [
        ("essai", "Garder cette prise"),
        ("refaire, recommencer", "Refilmer"),
        ("mon texte", "Préparer mes mots"),
        ("partie", "Un chapitre"),
        ("envoyer", "Soumettre mon film"),
        ("cacher, continuer", "Vous pouvez le reprendre."),
        ("supprimer, enlever", "La jeter"),
        ("supprimer, enlever", "Chaque copie est effacée."),
        ("gardé", "Ce qui est envoyé est en sécurité."),
        ("notre équipe, modération", "Chez les modérateurs"),
        ("vérifier", "Film à relire"),
        ("accepter, refuser", "Votre film est approuvé"),
        ("accepter, refuser", "La partie est rejetée."),
        ("entreprise", "Votre organisme"),
        ("marcher", "Ce lien ne fonctionne plus"),
        ("QR code", "Scannez le code QR."),
        ("service d’aide", "Écrivez à notre assistance."),
        ("appuyer sur, écrire", "Touchez « Autoriser »."),
        ("personnes", "Les gens qui ont mon lien"),
        ("no part of a machine", "Votre navigateur pose une question."),
        ("plain words", "Connectez-vous désormais avec elle."),
    ],
)
def test_the_glossarys_other_words_are_found(word, wrong):
    assert word in faults(OTHER_WORDS, wrong)


def test_each_word_of_the_glossary_was_shown_a_wrong_text():
    marks = test_the_glossarys_other_words_are_found.pytestmark
    assert {word for word, _ in marks[0].args[1]} == set(OTHER_WORDS)


@pytest.mark.parametrize(
    "wrong",
    [
        "Vous êtes connecté.",
        "Vous serez déconnectée partout.",
        "Je suis motivé",
        "Êtes-vous sûr ?",
        "Garder pour moi seul",
        "Vous seul voyez ce film.",
        "Le candidat doit corriger ces phrases.",
        "Un modérateur a regardé votre film.",
        "Demandez à votre conseiller.",
        "Invité(e)s",
        "Candidat·e",
    ],
)
def test_what_agrees_with_the_reader_is_found(wrong):
    assert faults(AGREES, wrong) != []


@pytest.mark.parametrize(
    "right",
    ["Vous êtes d’accord\u00a0: oui.", "L’appareil est déconnecté.", "Votre film est accepté"],
)
def test_what_agrees_with_a_thing_is_left_alone(right):
    assert faults(AGREES, right) == []


HELP = {"help that has no address": r"^(?!.*%\(contact\)s).*(?:service d’aide|contactez\b(?! ici))"}


def test_whoever_is_sent_to_the_help_desk_reads_its_address():
    assert faults(HELP, "Écrivez à notre service d’aide.") != []
    assert faults(HELP, "Pour changer cela, contactez %(contact)s.") == []
    assert {text for text in french() if faults(HELP, text)} == set()


# -- buttons --------------------------------------------------------------------------------

_BUTTON = re.compile(
    r"<button\b(?P<tag>[^>]*(?:\{\{.*?\}\}[^>]*)*)>(?P<inside>.*?)</button>"
    r"|<a\b(?P<link>[^>]*class=\"[^\"]*\bbutton\b[^\"]*\"[^>]*)>(?P<label>.*?)</a>",
    re.DOTALL,
)
_HIDDEN = re.compile(r'<span class="visually-hidden">.*?</span>', re.DOTALL)
_SAID = re.compile(r'_\(\s*"((?:[^"\\]|\\.)*)"|ngettext\(\s*"([^"]*)"')
# "Oui, désactiver mon lien", "J’ai déjà un compte : me connecter", "Ne pas envoyer maintenant".
_OPENING = re.compile(
    r"(?:(?:Oui|Non), )?(?:Ne pas |Tout |(?:me|se|le|la|les) |[msl]’)?", re.IGNORECASE
)
_INFINITIVE = re.compile(
    r"(?!premier|dernier|loisir)\w+(?:er|ir)\b"
    r"|(?:re|ré)?(?:mettre|faire|écrire|lire|descendre|inscrire|répondre|rendre|prendre)\b",
    re.IGNORECASE,
)
_NAMELESS = re.compile(r"(?:(?:Oui|Non), )?(?:le |la |les |l’)\w+", re.IGNORECASE)


def buttons(html: str) -> list[str]:
    """The message ids that a template's buttons, and links that look like buttons, say."""
    found = []
    for match in _BUTTON.finditer(html):
        inside = _HIDDEN.sub("", match["inside"] or match["label"] or "")
        found += [one or more for one, more in _SAID.findall(inside)]
    return found


def headings(html: str) -> list[str]:
    """The message ids of titles and headings: a link may carry the name of where it leads."""
    places = re.findall(r"<h[12]\b.*?</h[12]>|{% block title %}.*?{% endblock %}", html, re.DOTALL)
    return [one or more for place in places for one, more in _SAID.findall(place)]


def is_action(label: str) -> bool:
    """Whether a label begins with an infinitive, and names what it does something to."""
    starts = (_OPENING.sub("", part, count=1) for part in (label, label.partition(f"{WIDE}: ")[2]))
    return any(map(_INFINITIVE.match, starts)) and not _NAMELESS.fullmatch(label)


def test_every_french_button_is_a_verb_or_the_name_of_where_it_leads():
    known = dict(pairs())
    templates = {
        path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
        for path in tracked()
        if path.suffix == ".html" and "templates" in path.parts
    }
    named = {one for html in templates.values() for one in headings(html)}
    said = {(name, one) for name, html in templates.items() for one in buttons(html)}
    assert len(said) > 100
    labels = {(name, known[one]) for name, one in said if one not in named}
    assert {place for place in labels if not is_action(place[1])} == set()


@pytest.mark.parametrize("wrong", ["Pas encore", "C’est fait", "Autre caméra", "La garder", "Oui"])
def test_a_button_without_a_verb_is_found(wrong):
    assert not is_action(wrong)


def test_links_that_look_like_buttons_are_buttons():
    link = '<a class="button quiet" href="{{ url_for(\'a.b\') }}">{{ icon("x") }}{{ _("No") }}</a>'
    plain = '<a href="/">{{ _("Home") }}</a><button data-x>{{ _("Yes") }}</button>'
    assert buttons(link + plain) == ["No", "Yes"]


FIELDS = re.compile(r"\{\{ (field|choices|password|tick)\(form\.")


def test_every_form_says_on_top_what_is_wrong():
    """A mistake far below is not seen, and who listens hears nothing (WCAG 3.3.1, RGAA 11.10)."""
    pages = {
        path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
        for path in tracked()
        if path.suffix == ".html" and path.parent.name != "components"
    }
    forms = {name: html for name, html in pages.items() if FIELDS.search(html)}
    assert len(forms) > 15
    assert [name for name, html in forms.items() if "{{ mistakes(" not in html] == []

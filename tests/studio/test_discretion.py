"""What a script had better leave out, and what it had better not."""

from __future__ import annotations

import pytest

from cvtube.studio.discretion import HINTS, hints


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("age", "J'ai 45 ans."),
        ("age", "J’ai quarante-cinq ans et de l’énergie."),
        ("age", "Je suis née en 1979."),
        ("age", "I'm 45 years old."),
        ("age", "I was born in 1979."),
        ("address", "J’habite au 12 rue des Lilas."),
        ("address", "12 bis, avenue Jean Jaurès"),
        ("address", "I live at 12 Baker Street."),
        ("family", "J’ai deux enfants."),
        ("family", "Mes enfants sont grands."),
        ("family", "Je suis mariée."),
        ("family", "Je suis enceinte."),
        ("family", "I have two kids."),
        ("family", "I’m married."),
        ("health", "Je suis handicapé."),
        ("health", "J’ai un diabète."),
        ("health", "Je suis RQTH."),
        ("health", "I have a disability."),
        ("belief", "Je suis musulmane."),
        ("belief", "Mon syndicat m’aide."),
        ("belief", "I am a Catholic."),
        ("social_security_number", "Mon numéro : 2 79 03 69 123 456."),
        ("social_security_number", "179032A123456"),
        ("phone", "Appelez-moi au 06 12 34 56 78."),
        ("phone", "+33 6.12.34.56.78"),
        ("e_mail", "ada@example.org"),
        ("e_mail", "ada arobase example point org"),
    ],
)
def test_it_is_noticed(code, text):
    assert code in [hint.code for hint in hints(text)]


@pytest.mark.parametrize(
    "text",
    [
        "Je fais ce métier depuis 12 ans.",
        "J’ai travaillé 20 ans dans les parcs.",
        "Je sais garder des enfants.",
        "J’aide des personnes malades ou handicapées.",
        "Je travaille à Lyon, place de livraison comprise.",
        "J’ai planté 300 arbres en 2019.",
        "Je peux travailler dans la rue, sur les marchés.",
        "J’ai le permis B et 12 véhicules à ma charge.",
        "Je parle français et arabe.",
        "I can look after children and sick people.",
        "I have a driving licence and two references.",
        "I have worked here for 12 years.",
    ],
)
def test_work_is_not_mistaken_for_private_life(text):
    assert [hint.code for hint in hints(text)] == []


def test_each_kind_has_its_own_code_and_name():
    assert len({hint.code for hint in HINTS}) == len({hint.name for hint in HINTS}) == len(HINTS)

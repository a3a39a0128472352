"""The forms about accounts; the profile has a module of its own."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, EmailField, PasswordField, RadioField, StringField, URLField
from wtforms.validators import Optional

from cvtube.accounts import addresses, names, passwords, sirets, websites
from cvtube.errors import Refused
from cvtube.i18n import LANGUAGES
from cvtube.web.forms import AtMost, Form, Needed, OneOf, Rule
from cvtube.web.unit_of_work import runtime

NAME_LENGTH = 60
ORGANISATION_LENGTH = 120
NoAddress = Rule(names.refuse_address)
LONGEST_TYPED = 1024  # beyond this nobody types a password


def _reachable(typed: str) -> None:
    """A new address must be one whose mails somebody can read: in a demo, an invented one.

    Raises:
        Refused: "address_not_valid" or "demo_address_only".
    """
    address = addresses.normalize(typed)
    if runtime().settings.keeps_demo_mails and not addresses.is_reserved(address):
        raise Refused("demo_address_only")


class LogInForm(Form):
    """Who comes back."""

    email = EmailField(_l("Email address"), [Rule(addresses.normalize, needed=True)])
    # Only compared: today's rules for new passwords say nothing about it.
    password = PasswordField(_l("Password"), [Needed("password_missing"), AtMost(LONGEST_TYPED)])
    stay = BooleanField(_l("Stay signed in on this device"))


class NamesForm(Form):
    """How one is called."""

    given_name = StringField(
        _l("First name"), [Needed("given_name_missing"), AtMost(NAME_LENGTH), NoAddress]
    )
    family_name = StringField(_l("Last name"), [AtMost(NAME_LENGTH), NoAddress])


class SignUpForm(NamesForm):
    """Who is new."""

    email = EmailField(_l("Email address"), [Rule(_reachable, needed=True)])
    password = PasswordField(_l("Password"), [Rule(passwords.refuse_weak, needed=True)])


class OrganisationForm(Form):
    """Whom one recruits for."""

    organisation = StringField(
        _l("Name of your organisation"),
        [Needed("organisation_missing"), AtMost(ORGANISATION_LENGTH)],
    )
    siret = StringField(_l("SIRET number"), [Optional(), Rule(sirets.normalize)])
    website = URLField(_l("Website"), [Optional(), Rule(websites.normalize)])


class RecruiterSignUpForm(OrganisationForm, SignUpForm):
    """A recruiter who is new."""

    charter = BooleanField(
        _l("I judge people only by their skills and experience"), [Needed("charter_missing")]
    )


class AddressForm(Form):
    """An e-mail address."""

    email = EmailField(_l("Email address"), [Rule(addresses.normalize, needed=True)])


class NewAddressForm(Form):
    """An e-mail address that mails go to from now on."""

    email = EmailField(_l("Email address"), [Rule(_reachable, needed=True)])


class NewPasswordForm(Form):
    """A password of one's choice."""

    password = PasswordField(_l("New password"), [Rule(passwords.refuse_weak, needed=True)])


class ConfirmForm(Form):
    """The password once more, before something that matters."""

    current = PasswordField(
        _l("Your current password"), [Needed("password_missing"), AtMost(LONGEST_TYPED)]
    )


class ChangePasswordForm(ConfirmForm, NewPasswordForm):
    """Another password, by somebody who knows the present one."""


class ChangeAddressForm(ConfirmForm, NewAddressForm):
    """Another address, by somebody who knows the password."""


class LanguageForm(Form):
    """The language of pages and mails."""

    language = RadioField(
        _l("Language of pages and emails"),
        [Needed("choice_unknown"), OneOf(LANGUAGES)],
        validate_choice=False,
    )

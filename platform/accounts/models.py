"""People."""

import zoneinfo
from typing import TYPE_CHECKING, ClassVar

from babel import Locale
from django.contrib.auth.models import AbstractUser, AnonymousUser, BaseUserManager
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Lower, Now
from django.utils import timezone
from django.utils.translation import get_language, gettext, to_locale
from django.utils.translation import gettext_lazy as _


def known_zone(name: str) -> None:
    if name not in zoneinfo.available_timezones():
        raise ValidationError(_("“%(name)s” is not a time zone."), params={"name": name})


def known_country(code: str) -> None:
    if code not in countries():
        raise ValidationError(_("“%(code)s” is not a country."), params={"code": code})


def countries() -> dict[str, str]:
    """Names by ISO 3166 code of two letters, in the visitor's language (from the Unicode CLDR)."""
    locale = Locale.parse(to_locale(get_language() or "en"))
    found = {code: name for code, name in locale.territories.items() if _is_country(code)}
    return dict(sorted(found.items(), key=lambda item: item[1]))


# Codes of the CLDR that are no country: groupings, unknown ones, islands counted elsewhere.
NO_COUNTRY = {
    *("EU", "EZ", "UN", "QO", "XA", "XB", "ZZ"),
    *("AC", "CP", "CQ", "DG", "EA", "IC", "TA"),
}


def _is_country(code: str) -> bool:
    return len(code) == 2 and code.isalpha() and code not in NO_COUNTRY


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: object) -> "User":
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: object) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractUser):
    """A person, known by an e-mail address; one account, many roles in many events."""

    username = None  # type: ignore[assignment]
    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=200, blank=True)
    affiliation = models.CharField(_("affiliation"), max_length=200, blank=True)
    country = models.CharField(_("country"), max_length=2, blank=True, validators=[known_country])
    links = models.JSONField(_("links"), default=list, blank=True)
    picture = models.CharField(max_length=32, blank=True, editable=False)
    erased_at = models.DateTimeField(null=True, editable=False)
    left_at = models.DateTimeField(null=True, editable=False)  # deactivated by the person
    timezone = models.CharField(
        _("time zone"), max_length=64, default="UTC", validators=[known_zone]
    )

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = UserManager()  # type: ignore[misc, assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("email"), name="one_account_per_address"),
        ]

    def __str__(self) -> str:
        if self.erased_at:
            return gettext("Former participant")
        return self.name or self.email.partition("@")[0]

    @property
    def country_name(self) -> str:
        return countries().get(self.country, "")

    def get_full_name(self) -> str:
        return str(self)

    def get_short_name(self) -> str:
        return str(self)


class TokenQuerySet(models.QuerySet["Token"]):
    def usable(self) -> "TokenQuerySet":
        """Not expired, by the clock of the database, and of an account that is not closed."""
        return self.filter(expires_at__gt=Now(), user__is_active=True).select_related("user")


class Token(models.Model):
    """What a program of somebody's shows instead of a password (accounts.tokens)."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(_("what it is for"), max_length=80)
    event = models.SlugField(_("only for the event"), max_length=80, blank=True)  # "": for all
    digest = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    expires_at = models.DateTimeField(_("valid until"))
    last_used_at = models.DateTimeField(null=True, editable=False)

    objects = TokenQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_over(self) -> bool:
        """To be shown; whether it opens anything says `usable`."""
        return self.expires_at <= timezone.now()


if TYPE_CHECKING:
    # Whoever looks at a page. An anonymous visitor is nobody's key, so lookups by it find nothing.
    Viewer = User
else:
    Viewer = User | AnonymousUser

"""An event's limits of data sets as plain data, for events that are kept as YAML."""

from typing import Any

from django.forms import model_to_dict
from django.utils.translation import gettext as _

from accounts.models import User
from anomaly.datasets.actions import set_limits
from anomaly.datasets.forms import LimitsForm
from anomaly.datasets.models import DataLimits
from events.models import Event
from theme.refusal import Refused


def dump(event: Event) -> dict[str, Any]:
    """Only what differs from the defaults."""
    usual = model_to_dict(DataLimits(), fields=LimitsForm.Meta.fields)
    own = model_to_dict(DataLimits.of(event), fields=LimitsForm.Meta.fields)
    return {name: value for name, value in own.items() if value != usual[name]}


def load(user: User, event: Event, data: Any) -> None:
    """Raises Refused with the place of what is wrong."""
    if not isinstance(data, dict) or set(data) - set(LimitsForm.Meta.fields):
        raise Refused(
            _("data_limits: the names are %(names)s.")
            % {"names": ", ".join(LimitsForm.Meta.fields)},
            code="limits.malformed",
        )
    usual = model_to_dict(DataLimits(), fields=LimitsForm.Meta.fields)
    form = LimitsForm(usual | data)
    if not form.is_valid():
        name, errors = next(iter(form.errors.items()))
        raise Refused(f"data_limits: {name}: {errors[0]}", code="limits.malformed")
    set_limits(user, event, limits=form.cleaned_data)

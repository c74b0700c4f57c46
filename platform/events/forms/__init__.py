"""What organizers and teams fill in, by topic."""

from events.forms.about import (
    AdmissionForm,
    BasicsForm,
    CloneForm,
    ConductForm,
    FeaturesForm,
    LookForm,
    NewEventForm,
    SafetyForm,
)
from events.forms.fields import Day, Moment, SpanField, zones
from events.forms.parts import (
    ExtensionForm,
    MoreTimeForm,
    PageForm,
    PhaseForm,
    QuestionForm,
    TrackForm,
)
from events.forms.people import (
    AddressForm,
    AskForm,
    InvitationForm,
    InvitationListForm,
    RoleForm,
    SeekerForm,
    TeamAboutForm,
    TeamForm,
)

__all__ = [
    "AddressForm",
    "AdmissionForm",
    "AskForm",
    "BasicsForm",
    "CloneForm",
    "ConductForm",
    "Day",
    "ExtensionForm",
    "FeaturesForm",
    "InvitationForm",
    "InvitationListForm",
    "LookForm",
    "Moment",
    "MoreTimeForm",
    "NewEventForm",
    "PageForm",
    "PhaseForm",
    "QuestionForm",
    "RoleForm",
    "SafetyForm",
    "SeekerForm",
    "SpanField",
    "TeamAboutForm",
    "TeamForm",
    "TrackForm",
    "zones",
]

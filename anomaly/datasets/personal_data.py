"""The tables that a person uploaded. What was handed in stays, because results depend on it."""

from accounts.models import User
from accounts.personal_data import Held
from anomaly.datasets import store
from anomaly.datasets.models import Dataset
from submissions.entries.models import Submission


def collect(user: User) -> Held:
    datasets = Dataset.objects.filter(uploaded_by=user)
    rows = datasets.values(
        "id", "name", "number", "sha256", "size", "state", "roles", "uploaded_at"
    )
    files = {f"{d.pk}/{d.name}": store.place(d.sha256) for d in datasets if d.sha256}
    return Held(list(rows), files)


def erase(user: User) -> None:
    """Of what was never handed in, the values shown of the table go."""
    drafts = Dataset.objects.filter(uploaded_by=user).exclude(
        submission__state=Submission.State.SUBMITTED
    )
    for dataset in drafts:
        profile = {key: value for key, value in dataset.profile.items() if key != "sample"}
        Dataset.objects.filter(pk=dataset.pk).update(profile=profile)

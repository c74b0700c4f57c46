from anomaly.datasets import uploading
from submissions.entries.models import Submission
from tests.pages import READERS, RUNNING, TEAM, Page, get, post

PAGES = {
    "datasets:upload": get(TEAM, "slug", "submission"),
    "datasets:panel": get(READERS, "slug", "submission"),
    "datasets:detail": get(READERS, "slug", "dataset"),
    "datasets:reading": post(TEAM, "slug", "dataset"),
    "datasets:download": get(TEAM, "slug", "dataset"),
    "datasets:limits": get(RUNNING, "slug"),
    "datasets:begin": Page(TEAM, ("slug", "submission"), "options"),
    "datasets:chunks": Page("author", ("slug", "upload"), "head"),
    "datasets:finish": post("author", "slug", "upload"),
    "datasets:give_up": post("author", "slug", "upload"),
}


def furnish(world):
    author, submission = world.people["author"], Submission.objects.get(pk=world.submission)
    world.upload = uploading.begin(author, submission, name="big.csv", size=10).pk

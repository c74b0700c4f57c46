"""The bell. Messages only say "look": the jobs themselves live in the database."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
# The site's checks load every page, and Celery does not heed what they say; what a worker must
# refuse it asks itself (anomaly.jobs.worker).
os.environ.setdefault("CELERY_SKIP_CHECKS", "1")

app = Celery("podium")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

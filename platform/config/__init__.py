"""The composition root: settings, the table of contents, and the processes."""

from config.celery import app as celery_app

__all__ = ["celery_app"]

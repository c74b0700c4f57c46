"""The table of contents. Pages of one event stand under /events/<event>/."""

from allauth.urls import build_provider_urlpatterns
from django.conf import settings
from django.urls import include, path

from accounts.views import sign_up
from anomaly.jobs.metrics import metrics
from config import views
from config.administration import register_all
from config.administration import site as admin

register_all()
handler500 = "config.views.server_error"
urlpatterns = [
    path(settings.PODIUM_ADMIN_PATH, admin.urls),
    path("healthz", views.healthz, name="healthz"),
    path("metrics", metrics, name="metrics"),
    path("accounts/", include("accounts.urls")),
    path("accounts/signup/", sign_up, name="account_signup"),
    path("accounts/", include("allauth.account.urls")),
    path("accounts/2fa/", include("allauth.mfa.urls")),
    path("accounts/sessions/", include("allauth.usersessions.urls")),
    path("", include("notices.urls")),
    path("", include("events.urls")),
    path("", include("submissions.entries.urls")),
    path("", include("submissions.ideas.urls")),
    path("", include("submissions.programme.urls")),
    path("", include("anomaly.datasets.urls")),
    path("", include("anomaly.jobs.urls")),
    path("", include("anomaly.reports.urls")),
    path("", include("judging.panel.urls")),
    path("", include("judging.ballots.urls")),
    path("", include("judging.awards.urls")),
]
if settings.SOCIALACCOUNT_PROVIDERS:
    urlpatterns += [
        path("accounts/elsewhere/", include("allauth.socialaccount.urls")),
        path("accounts/", include(build_provider_urlpatterns())),
    ]

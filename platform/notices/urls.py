from django.urls import path

from notices.views import audit, campaigns, outbox, unsubscribing, webhooks, wordings

app_name = "notices"
urlpatterns = [
    path("unsubscribe/<str:token>/", unsubscribing.unsubscribe, name="unsubscribe"),
    path("events/<slug:event>/mail/", outbox.outbox, name="outbox"),
    path("events/<slug:event>/mail/sent/<uuid:pk>/", outbox.mail, name="mail"),
    path("events/<slug:event>/mail/sent/<uuid:pk>/stop/", outbox.stop, name="stop"),
    path("events/<slug:event>/mail/sent/<uuid:pk>/again/", outbox.send_again, name="send_again"),
    path("events/<slug:event>/mail/new/", campaigns.write, name="write"),
    path("events/<slug:event>/mail/to-many/<uuid:pk>/", campaigns.campaign, name="campaign"),
    path("events/<slug:event>/mail/to-many/<uuid:pk>/edit/", campaigns.write, name="edit"),
    path("events/<slug:event>/mail/to-many/<uuid:pk>/post/", campaigns.post, name="post"),
    path("events/<slug:event>/mail/to-many/<uuid:pk>/stop/", campaigns.stop, name="stop_campaign"),
    path("events/<slug:event>/mail/words/", wordings.templates, name="wordings"),
    path("events/<slug:event>/mail/words/<path:template>/", wordings.wording, name="wording"),
    path("events/<slug:event>/webhooks/", webhooks.webhook_list, name="webhooks"),
    path(
        "events/<slug:event>/webhooks/<int:webhook>/<slug:what>/",
        webhooks.change,
        name="change_webhook",
    ),
    path(
        "events/<slug:event>/webhooks/deliveries/<uuid:delivery>/again/",
        webhooks.again,
        name="deliver_again",
    ),
    path("events/<slug:event>/history/", audit.trail, name="audit"),
    path("events/<slug:event>/history.csv", audit.as_csv, name="audit_csv"),
    path("events/<slug:event>/history.json", audit.as_json, name="audit_json"),
]

from django.urls import path

from anomaly.jobs import console, views

app_name = "jobs"
urlpatterns = [
    path("events/<slug:event>/data/<uuid:pk>/score/", views.start, name="start"),
    path("events/<slug:event>/jobs/<uuid:pk>/", views.detail, name="detail"),
    path("events/<slug:event>/jobs/<uuid:pk>/progress/", views.progress, name="progress"),
    path("events/<slug:event>/jobs/<uuid:pk>/cancel/", views.cancel, name="cancel"),
    path("events/<slug:event>/jobs/<uuid:pk>/again/", console.rerun, name="rerun"),
    path("events/<slug:event>/scoring/", console.overview, name="overview"),
    path("events/<slug:event>/scoring/card/", console.card, name="card"),
    path("events/<slug:event>/scoring/again/", console.rerun_all, name="rerun_all"),
]

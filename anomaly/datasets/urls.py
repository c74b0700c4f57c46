from django.urls import path

from anomaly.datasets import tus, views

app_name = "datasets"
urlpatterns = [
    path("events/<slug:event>/submissions/<uuid:pk>/data/", views.upload, name="upload"),
    path("events/<slug:event>/submissions/<uuid:pk>/data/panel/", views.panel, name="panel"),
    path("events/<slug:event>/submissions/<uuid:pk>/data/uploads/", tus.begin, name="begin"),
    path("events/<slug:event>/data/limits/", views.limits, name="limits"),
    path("events/<slug:event>/data/uploads/<uuid:pk>/", tus.upload, name="chunks"),
    path("events/<slug:event>/data/uploads/<uuid:pk>/finish/", tus.finish, name="finish"),
    path("events/<slug:event>/data/uploads/<uuid:pk>/give-up/", views.give_up, name="give_up"),
    path("events/<slug:event>/data/<uuid:pk>/", views.detail, name="detail"),
    path("events/<slug:event>/data/<uuid:pk>/reading/", views.reading, name="reading"),
    path("events/<slug:event>/data/<uuid:pk>/file/", views.download, name="download"),
]

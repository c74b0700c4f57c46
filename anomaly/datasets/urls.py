from django.urls import path

from anomaly.datasets import views

app_name = "datasets"
urlpatterns = [
    path("events/<slug:event>/submissions/<uuid:pk>/data/", views.upload, name="upload"),
    path("events/<slug:event>/submissions/<uuid:pk>/data/panel/", views.panel, name="panel"),
    path("events/<slug:event>/data/<uuid:pk>/", views.detail, name="detail"),
    path("events/<slug:event>/data/<uuid:pk>/file/", views.download, name="download"),
]

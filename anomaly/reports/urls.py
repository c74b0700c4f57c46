from django.urls import path

from anomaly.reports import views

app_name = "reports"
urlpatterns = [
    path("submissions/<uuid:pk>/evidence/", views.panel, name="panel"),
    path("events/<slug:event>/reports/<uuid:pk>/", views.detail, name="detail"),
    path("events/<slug:event>/reports/<uuid:pk>/scatter/", views.scatter, name="scatter"),
    path("events/<slug:event>/reports/<uuid:pk>/scores/<str:kind>/", views.scores, name="scores"),
]

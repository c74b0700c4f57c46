from django.urls import path

from judging.ballots import views

app_name = "ballots"
urlpatterns = [
    path("judging/", views.dashboard, name="dashboard"),
    path("events/<slug:event>/judging/", views.event_desk, name="event"),
    path("events/<slug:event>/judging/progress/", views.progress, name="progress"),
    path("events/<slug:event>/judging/another/", views.another, name="another"),
    path("events/<slug:event>/judging/<uuid:pk>/", views.sheet, name="sheet"),
    path("events/<slug:event>/judging/<uuid:pk>/reopen/", views.reopen, name="reopen"),
    path("events/<slug:event>/judging/<uuid:pk>/conflict/", views.conflict, name="conflict"),
]

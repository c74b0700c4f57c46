from django.urls import path

from judging.ballots import side_views, views

app_name = "ballots"
DESK = "events/<slug:event>/judging/"
SHEET = f"{DESK}<uuid:pk>/"
urlpatterns = [
    path("judging/", views.dashboard, name="dashboard"),
    path(DESK, views.event_desk, name="event"),
    path(f"{DESK}progress/", views.progress, name="progress"),
    path(f"{DESK}another/", views.another, name="another"),
    path(f"{DESK}pair/", side_views.pair, name="pair"),
    path(f"{DESK}examples/", side_views.training, name="training"),
    path(f"{DESK}flags/<int:pk>/", side_views.settle, name="settle"),
    path(SHEET, views.sheet, name="sheet"),
    path(f"{SHEET}versions/", views.versions, name="versions"),
    path(f"{SHEET}reopen/", views.reopen, name="reopen"),
    path(f"{SHEET}conflict/", views.conflict, name="conflict"),
    path(f"{SHEET}skip/", side_views.skip, name="skip"),
    path(f"{SHEET}abstain/", side_views.abstain, name="abstain"),
    path(f"{SHEET}flag/", side_views.flag, name="flag"),
    path(f"{SHEET}discussion/", side_views.discussion, name="discussion"),
]

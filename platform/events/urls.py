from django.urls import path

from events import views

app_name = "events"
urlpatterns = [
    path("", views.event_list, name="list"),
    path("events/<slug:event>/", views.detail, name="detail"),
    path("events/<slug:event>/register/", views.register, name="register"),
    path("events/<slug:event>/cancel/", views.cancel, name="cancel"),
    path("events/<slug:event>/team/", views.team, name="team"),
    path("events/<slug:event>/team/leave/", views.leave, name="leave"),
    path("events/<slug:event>/team/join/<str:code>/", views.join, name="join"),
    path("events/<slug:event>/console/", views.console, name="console"),
]

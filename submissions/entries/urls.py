from django.urls import path

from submissions.entries import views

app_name = "entries"
urlpatterns = [
    path("events/<slug:event>/submissions/", views.organizer_list, name="list"),
    path("events/<slug:event>/submissions/mine/", views.mine, name="mine"),
    path("events/<slug:event>/submissions/new/", views.create, name="create"),
    path("events/<slug:event>/submissions/new/<slug:entry_type>/", views.create, name="write"),
    path("events/<slug:event>/submissions/<uuid:pk>/", views.detail, name="detail"),
    path("events/<slug:event>/submissions/<uuid:pk>/edit/", views.edit, name="edit"),
    path("events/<slug:event>/submissions/<uuid:pk>/submit/", views.submit, name="submit"),
    path("events/<slug:event>/submissions/<uuid:pk>/withdraw/", views.withdraw, name="withdraw"),
    path("submissions/preview/", views.preview, name="preview"),
]

from django.urls import path

from judging.awards import views

app_name = "awards"
urlpatterns = [
    path("events/<slug:event>/ranking/", views.ranking, name="ranking"),
    path("events/<slug:event>/ranking/propose/", views.propose, name="propose"),
    path("events/<slug:event>/ranking/award/", views.award, name="award"),
    path("events/<slug:event>/ranking/ask/", views.ask, name="ask"),
    path("events/<slug:event>/ranking/publish/", views.publish, name="publish"),
    path("events/<slug:event>/ranking/unpublish/", views.unpublish, name="unpublish"),
    path("events/<slug:event>/results/", views.results, name="results"),
    path("events/<slug:event>/results/comments/", views.comments, name="comments"),
]

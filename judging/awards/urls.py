from django.urls import path

from judging.awards import public_views, views

app_name = "awards"
RANKING = "events/<slug:event>/ranking/"
RESULTS = "events/<slug:event>/results/"
urlpatterns = [
    path(RANKING, views.ranking, name="ranking"),
    path(f"{RANKING}why/<uuid:pk>/", views.why, name="why"),
    path(f"{RANKING}propose/", views.propose, name="propose"),
    path(f"{RANKING}award/", views.award, name="award"),
    path(f"{RANKING}prize/", views.prize, name="prize"),
    path(f"{RANKING}prize/votes/", views.award_votes, name="award_votes"),
    path(f"{RANKING}prize/<int:pk>/remove/", views.remove_prize, name="remove_prize"),
    path(f"{RANKING}ask/", views.ask, name="ask"),
    path(f"{RANKING}freeze/", views.freeze, name="freeze"),
    path(f"{RANKING}confirm/", views.confirm, name="confirm"),
    path(f"{RANKING}release/", views.release, name="release"),
    path(f"{RANKING}publish/", views.publish, name="publish"),
    path(f"{RANKING}unpublish/", views.unpublish, name="unpublish"),
    path(RESULTS, public_views.results, name="results"),
    path("events/<slug:event>/results.json", public_views.results_json, name="results_json"),
    path(f"{RESULTS}comments/", public_views.comments, name="comments"),
    path(f"{RESULTS}certificate/<uuid:pk>/", public_views.certificate, name="certificate"),
]

from django.urls import path

from submissions.ideas import proposals, views

app_name = "ideas"
ALL = "events/<slug:event>/ideas/"
ONE = f"{ALL}<int:idea>/"
PROPOSAL = "events/<slug:event>/submissions/<uuid:pk>/idea/"
urlpatterns = [
    path(ALL, views.overview, name="list"),
    path(f"{ALL}new/", views.create, name="create"),
    path(ONE, views.idea, name="idea"),
    path(f"{ONE}edit/", views.edit, name="edit"),
    path(f"{ONE}publish/", views.publish, name="publish"),
    path(f"{ONE}begin/", proposals.begin, name="begin"),
    path(f"{ONE}ask/", proposals.ask, name="ask"),
    path(PROPOSAL, proposals.of, name="of"),
    path(f"{PROPOSAL}choose/", proposals.choose, name="choose"),
]

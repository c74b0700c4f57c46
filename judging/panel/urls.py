from django.urls import path

from judging.panel import more_views, views

app_name = "panel"
PANEL = "events/<slug:event>/panel/"
urlpatterns = [
    path(PANEL, views.detail, name="detail"),
    path(f"{PANEL}settings/", more_views.settings, name="settings"),
    path(f"{PANEL}preset/", views.use_reference_criteria, name="preset"),
    path(f"{PANEL}criteria/", views.criterion, name="criterion_add"),
    path(f"{PANEL}criteria/<int:pk>/", views.criterion, name="criterion"),
    path(f"{PANEL}criteria/<int:pk>/remove/", more_views.remove_criterion, name="criterion_remove"),
    path(f"{PANEL}examples/", more_views.examples, name="examples"),
    path(f"{PANEL}judges/", views.add_judge, name="add_judge"),
    path(f"{PANEL}judges/<int:pk>/", more_views.expertise, name="judge"),
    path(f"{PANEL}judges/<int:pk>/replace/", more_views.replace_judge, name="replace"),
    path(f"{PANEL}plan/", views.plan, name="plan"),
    path(f"{PANEL}assign-all/", views.assign_all, name="assign_all"),
    path(f"{PANEL}assign/", views.assign, name="assign"),
    path(f"{PANEL}unassign/<int:pk>/", views.unassign, name="unassign"),
    path(f"{PANEL}conflict/", views.conflict, name="conflict"),
    path(f"{PANEL}conflicts/", more_views.find_conflicts, name="find_conflicts"),
    path(f"{PANEL}conflicts/<int:pk>/lift/", more_views.lift_conflict, name="lift_conflict"),
    path(f"{PANEL}spots/", more_views.number_spots, name="spots"),
    path("events/<slug:event>/judging/expertise/", more_views.expertise, name="expertise"),
]

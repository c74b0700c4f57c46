from django.urls import path

from judging.panel import views

app_name = "panel"
urlpatterns = [
    path("events/<slug:event>/panel/", views.detail, name="detail"),
    path("events/<slug:event>/panel/preset/", views.use_reference_criteria, name="preset"),
    path("events/<slug:event>/panel/criteria/", views.criterion, name="criterion_add"),
    path("events/<slug:event>/panel/criteria/<int:pk>/", views.criterion, name="criterion"),
    path("events/<slug:event>/panel/judges/", views.add_judge, name="add_judge"),
    path("events/<slug:event>/panel/assign-all/", views.assign_all, name="assign_all"),
    path("events/<slug:event>/panel/assign/", views.assign, name="assign"),
    path("events/<slug:event>/panel/unassign/<int:pk>/", views.unassign, name="unassign"),
    path("events/<slug:event>/panel/conflict/", views.conflict, name="conflict"),
]

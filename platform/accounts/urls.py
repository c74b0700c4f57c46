from django.urls import path

from accounts import views

app_name = "accounts"
urlpatterns = [
    path("profile/", views.profile, name="profile"),
    path("profile/picture/", views.change_picture, name="change_picture"),
    path("profile/data/", views.data, name="data"),
    path("profile/data/download/", views.download, name="download"),
    path("profile/data/erase/", views.erase, name="erase"),
    path("profile/data/deactivate/", views.deactivate, name="deactivate"),
    path("reactivate/<str:text>/", views.reactivate, name="reactivate"),
    path("profile/tokens/", views.token_list, name="tokens"),
    path("profile/tokens/<int:token>/end/", views.revoke_token, name="revoke_token"),
    path("pictures/<str:name>.webp", views.picture, name="picture"),
]

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts import actions
from accounts.forms import ProfileForm
from accounts.requests import Visit


@login_required
def profile(request: Visit) -> HttpResponse:
    form = ProfileForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        actions.update_profile(
            request.user,
            request.user,
            name=data["name"],
            affiliation=data["affiliation"],
            zone=data["timezone"],
        )
        messages.success(request, _("Your profile is saved."))
        return redirect("accounts:profile")
    return render(request, "accounts/profile.html", {"form": form})

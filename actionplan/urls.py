"""Addresses of what was decided, and of those who work with it."""

from django.urls import include, path

from actionplan import (
    converters,  # noqa: F401  (makes <year:…> known)
)
from actionplan.views import people, plans

of_the_organisation = [
    path("", people.organisation, name="organisation-people"),
    path("bjud-in/", people.invite, name="invite"),
    path("inbjudningar/<int:invitation>/", people.change_invitation, name="change-invitation"),
    path("behorigheter/<int:membership>/", people.end_membership, name="end-membership"),
    path("ge/<int:person>/", people.give_membership, name="give-membership"),
]

urlpatterns = [
    path("planer/<slug:plan>/revideringar/<year:year>/", plans.revision, name="revision"),
    path("planer/<slug:plan>/revideringar/<year:year>.pdf", plans.revision_pdf, name="revision-pdf"),
    path("personer/", people.people, name="people"),
    path("personer/<slug:organisation>/", include(of_the_organisation)),
    path("konton/", people.accounts, name="accounts"),
    path("konton/<int:person>/", people.account, name="account-of"),
    path("konton/<int:person>/stang/", people.close_account, name="close-account"),
    path("konton/<int:person>/andra-steget/", people.remove_second_step, name="remove-second-step"),
]

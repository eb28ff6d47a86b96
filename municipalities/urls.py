"""Addresses of one's account. The names are those by which the sign-in library asks for its own pages."""

from allauth.account import views as account
from allauth.mfa.base import views as second_step
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from allauth.socialaccount import views as services
from allauth.socialaccount.providers.openid_connect.views import callback as return_from_service
from allauth.usersessions.views import list_usersessions
from django.urls import include, path, re_path

from municipalities import views

signing_in = [
    path("logga-in/", account.login, name="account_login"),
    path("logga-in/passnyckel/", passkeys.login_webauthn, name="mfa_login_webauthn"),
    path("logga-in/steg-tva/", second_step.authenticate, name="mfa_authenticate"),
    path("logga-ut/", account.logout, name="account_logout"),
    path("stangt/", account.account_inactive, name="account_inactive"),
    path("registrera/", account.signup, name="account_signup"),
]

forgotten = [
    path("", account.password_reset, name="account_reset_password"),
    path("skickat/", account.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[^/]+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("klart/", account.password_reset_from_key_done, name="account_reset_password_from_key_done"),
]

confirming = [
    path("", account.reauthenticate, name="account_reauthenticate"),
    path("kod/", second_step.reauthenticate, name="mfa_reauthenticate"),
    path("passnyckel/", passkeys.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
]

address = [
    path("", account.email, name="account_email"),
    path("skickat/", account.email_verification_sent, name="account_email_verification_sent"),
    re_path(r"^(?P<key>[-:\w]+)/$", account.confirm_email, name="account_confirm_email"),
]

second_steps = [
    path("", second_step.index, name="mfa_index"),
    path("app/", totp.activate_totp, name="mfa_activate_totp"),
    path("app/ta-bort/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("passnycklar/", passkeys.list_webauthn, name="mfa_list_webauthn"),
    path("passnycklar/ny/", passkeys.add_webauthn, name="mfa_add_webauthn"),
    path("passnycklar/<int:pk>/", passkeys.edit_webauthn, name="mfa_edit_webauthn"),
    path("passnycklar/<int:pk>/ta-bort/", passkeys.remove_webauthn, name="mfa_remove_webauthn"),
    path("reservkoder/", recovery_codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("reservkoder/nya/", recovery_codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("reservkoder.txt", recovery_codes.download_recovery_codes, name="mfa_download_recovery_codes"),
]

log_in_services = [
    path("", services.connections, name="socialaccount_connections"),
    path("avbruten/", services.login_cancelled, name="socialaccount_login_cancelled"),
    path("fel/", services.login_error, name="socialaccount_login_error"),
    path("nytt/", services.signup, name="socialaccount_signup"),
    path("<slug:provider_id>/", views.to_service, name="openid_connect_login"),
    path("<slug:provider_id>/klart/", return_from_service, name="openid_connect_callback"),
]

account_patterns = [
    path("", views.account, name="account"),
    path("", include(signing_in)),
    path("glomt-losenord/", include(forgotten)),
    path("bekrafta/", include(confirming)),
    path("losenord/", account.password_change, name="account_change_password"),
    path("losenord/valj/", account.password_set, name="account_set_password"),
    path("e-post/", include(address)),
    path("tva-steg/", include(second_steps)),
    path("sessioner/", list_usersessions, name="usersessions_list"),
    path("inloggningstjanster/", include(log_in_services)),
    path("inbjudan/<str:token>/", views.invitation, name="invitation"),
]

urlpatterns = [
    path("konto/", include(account_patterns)),
]

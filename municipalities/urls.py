"""Addresses of one's account. The names are those by which the sign-in library asks for its own pages."""

from allauth.account import views as account
from allauth.socialaccount import views as services
from allauth.socialaccount.providers.openid_connect.views import callback as return_from_service
from allauth.usersessions.views import list_usersessions
from django.urls import include, path, re_path

from municipalities import views
from municipalities.signing_in import second_step_pages as second_step

signing_in = [
    path("logga-in/", account.login, name="account_login"),
    path("logga-in/passnyckel/", second_step.LogInByPasskey.as_view(), name="mfa_login_webauthn"),
    path("logga-in/steg-tva/", second_step.Authenticate.as_view(), name="mfa_authenticate"),
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
    path("kod/", second_step.ConfirmByCode.as_view(), name="mfa_reauthenticate"),
    path("passnyckel/", second_step.ConfirmByPasskey.as_view(), name="mfa_reauthenticate_webauthn"),
]

address = [
    path("", account.email, name="account_email"),
    path("skickat/", account.email_verification_sent, name="account_email_verification_sent"),
    re_path(r"^(?P<key>[-:\w]+)/$", account.confirm_email, name="account_confirm_email"),
]

second_steps = [
    path("", second_step.Index.as_view(), name="mfa_index"),
    path("app/", second_step.ConnectApp.as_view(), name="mfa_activate_totp"),
    path("app/ta-bort/", second_step.RemoveApp.as_view(), name="mfa_deactivate_totp"),
    path("passnycklar/", second_step.Passkeys.as_view(), name="mfa_list_webauthn"),
    path("passnycklar/ny/", second_step.AddPasskey.as_view(), name="mfa_add_webauthn"),
    path("passnycklar/<int:pk>/", second_step.RenamePasskey.as_view(), name="mfa_edit_webauthn"),
    path("passnycklar/<int:pk>/ta-bort/", second_step.RemovePasskey.as_view(), name="mfa_remove_webauthn"),
    path("reservkoder/", second_step.RecoveryCodes.as_view(), name="mfa_view_recovery_codes"),
    path("reservkoder/nya/", second_step.NewRecoveryCodes.as_view(), name="mfa_generate_recovery_codes"),
    path("reservkoder.txt", second_step.DownloadRecoveryCodes.as_view(), name="mfa_download_recovery_codes"),
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

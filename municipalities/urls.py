"""Addresses of one's account. The names are those by which the sign-in library asks for its own pages."""

from allauth.account import views as account
from allauth.socialaccount import views as services
from django.urls import URLPattern, URLResolver, include, path, re_path

from municipalities import views
from municipalities.signing_in import pages, service_pages
from municipalities.signing_in import second_step_pages as second_step

signing_in = [
    path("logga-in/", service_pages.leads_to_services(pages.LogIn.as_view()), name="account_login"),
    path("logga-in/passnyckel/", second_step.LogInByPasskey.as_view(), name="mfa_login_webauthn"),
    path("logga-in/steg-tva/", second_step.Authenticate.as_view(), name="mfa_authenticate"),
    path("logga-ut/", account.logout, name="account_logout"),
    path("stangt/", account.account_inactive, name="account_inactive"),
    path("registrera/", account.signup, name="account_signup"),
]

forgotten = [
    path("", pages.ForgottenPassword.as_view(), name="account_reset_password"),
    path("skickat/", account.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[^/]+)/$",
        pages.NewPassword.as_view(),
        name="account_reset_password_from_key",
    ),
    path("klart/", account.password_reset_from_key_done, name="account_reset_password_from_key_done"),
]

confirming = [
    path("", pages.Confirm.as_view(), name="account_reauthenticate"),
    path("kod/", second_step.ConfirmByCode.as_view(), name="mfa_reauthenticate"),
    path("passnyckel/", second_step.ConfirmByPasskey.as_view(), name="mfa_reauthenticate_webauthn"),
]

address = [
    path("", pages.change_address, name="account_email"),
    path("skickat/", account.email_verification_sent, name="account_email_verification_sent"),
    re_path(r"^(?P<key>[-:\w]+)/$", pages.confirm_address, name="account_confirm_email"),
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
    path("", service_pages.connections, name="socialaccount_connections"),
    path("avbruten/", services.login_cancelled, name="socialaccount_login_cancelled"),
    path("fel/", services.login_error, name="socialaccount_login_error"),
    path("nytt/", service_pages.no_sign_up, name="socialaccount_signup"),
    path("<slug:provider_id>/", service_pages.to_service, name="openid_connect_login"),
    path("<slug:provider_id>/klart/", service_pages.return_from_service, name="openid_connect_callback"),
]

account_patterns: list[URLPattern | URLResolver] = [
    path("", views.account, name="account"),
    path("", include(signing_in)),
    path("glomt-losenord/", include(forgotten)),
    path("bekrafta/", include(confirming)),
    path("losenord/", pages.ChangePassword.as_view(), name="account_change_password"),
    path("losenord/valj/", pages.SetPassword.as_view(), name="account_set_password"),
    path("e-post/", include(address)),
    path("tva-steg/", include(second_steps)),
    path("sessioner/", pages.sessions, name="usersessions_list"),
    path("inloggningstjanster/", include(log_in_services)),
    path("inbjudan/<str:token>/", views.invitation, name="invitation"),
]

urlpatterns = [
    path("konto/", include(account_patterns)),
]

"""What those fill in who manage people, and who write plans."""

from actionplan.forms.people import AccountSearch, Change, ChangeForm, InvitationForm, RoleForm

__all__ = ["AccountSearch", "Change", "ChangeForm", "InvitationForm", "RoleForm"]

"""Who there is: organisations, the people who log in, and what each may do where."""

from municipalities.models.invitations import Invitation
from municipalities.models.organisations import Kind, Municipality, Organisation
from municipalities.models.users import WRITING, Membership, Role, User

__all__ = ["WRITING", "Invitation", "Kind", "Membership", "Municipality", "Organisation", "Role", "User"]

"""How people prove who they are: what the portal asks of the sign-in library that is its own."""

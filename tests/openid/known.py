"""What the tests and the provider both know: who may log in there, and the portal as its client."""

CLIENT = "handlingsplaner"
SECRET = "hemlig & lång: +/ hos båda"
PASSWORD = "lösenordet hos tjänsten"
PEOPLE = {
    "anna": ("Anna", "Åkesson", "Anna.Akesson@vasteras.example"),
    "bo": ("Bo", "Berg", "bo.berg@vasteras.example"),
    "utan": ("Ulla", "Utan", ""),
}
"""By user name: first name, last name and address."""

"""Who may have what: stated as tables, tried on everyone, and proved to notice when a rule is gone."""

"""What those fill in who manage people, and who write plans."""

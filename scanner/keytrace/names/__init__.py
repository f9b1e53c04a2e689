"""What names promise."""

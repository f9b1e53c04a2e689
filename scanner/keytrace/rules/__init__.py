"""Rule files: parsed, checked, selected."""

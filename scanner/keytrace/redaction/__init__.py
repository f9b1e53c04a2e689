"""What hides secrets wherever something is shown: in excerpts, paths, messages, notes and errors."""

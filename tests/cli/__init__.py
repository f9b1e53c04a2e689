"""End-to-end tests of the command line; modules share names with those of the parts, so this is a package."""

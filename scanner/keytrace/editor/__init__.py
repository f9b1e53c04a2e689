"""A language server: what a scan finds, in the editor, as one types. Run by `keytrace lsp`."""

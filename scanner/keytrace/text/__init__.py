"""Bytes to text: encodings, documents with lines and columns, notebooks."""

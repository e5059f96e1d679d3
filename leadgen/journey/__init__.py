"""The conductor: one verb per file, and the only code that calls several stages."""

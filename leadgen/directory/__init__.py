"""The directory: ``schools.csv`` read, compared with what is stored, and brought into step."""

"""Daily files: the leads of a day in one CSV or XLSX, by email or SFTP, each row counted once.

A row is a delivery like any other. ``turn`` says when the file goes, ``claim`` takes the rows of the day, ``start``
writes their attempts down before a byte leaves, ``send`` carries the file, ``settle`` tells each row how it ended,
``recover`` takes up what a dead worker left.
"""

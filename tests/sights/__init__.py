"""Every page in every state, each brought about once by the product's own doors: what a browser test looks at.

`album.py` holds what was seen, `town.py` the installation that all of it is seen in; the other modules walk through it,
one audience each. A route or a template of a page that no walk comes to fails `tests/browser/test_grid.py`."""

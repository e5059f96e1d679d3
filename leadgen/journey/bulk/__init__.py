"""One act on many lines of the worklist: planned on a page that says what is skipped, then done item by item."""

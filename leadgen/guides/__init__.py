"""Program guides: one Markdown file per program, front matter for what has a shape, words for the rest."""

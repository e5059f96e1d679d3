"""What a prospect may do with what is hers: withdraw it."""

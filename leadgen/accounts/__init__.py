"""Who may sign in: staff, and people at schools."""

"""Takes an inquiry: answers wait in a draft, and one transaction turns them into rows."""

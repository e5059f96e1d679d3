"""A fake school for every ``*.example`` address: it takes what we send and shows it, decoded, to who asks."""

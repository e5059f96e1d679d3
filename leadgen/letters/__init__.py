"""Our own mails, as rows. The recipient and the text are put together only when a letter is sent."""

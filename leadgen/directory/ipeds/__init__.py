"""The federal files (IPEDS), as NCES publishes them: read, mapped to our programs, and listed in the directory."""

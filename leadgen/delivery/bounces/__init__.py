"""Bounces: what mail servers report of letters that our relay had taken over (RFC 3464)."""

"""Everything on one machine: supervisor, embedded broker, and a sandbox school. Knows no app."""

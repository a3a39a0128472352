"""The processes of this checkout: what systemd, a container or the supervisor starts."""

"""Mails are rows first: written with what caused them, sent by a worker, kept if that fails."""

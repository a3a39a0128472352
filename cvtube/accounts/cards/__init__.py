"""Accounts without an e-mail address: a card of paper, made by an adviser or the operator."""

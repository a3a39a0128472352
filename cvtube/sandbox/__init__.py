"""Runs foreign programs with next to nothing: files, memory and system calls are limited.

Imports nothing of ours, so that the launcher starts quickly and can be read by itself.
"""

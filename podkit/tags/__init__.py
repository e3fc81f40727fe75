"""Metadata inside media files, read and written through mutagen."""

"""Text formats of chapters and transcripts."""

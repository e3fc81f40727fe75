"""The steps: the only ones that walk from room to room."""

"""Show notes and pages: Markdown in, clean HTML out."""

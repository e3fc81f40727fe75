"""What renditions there are."""

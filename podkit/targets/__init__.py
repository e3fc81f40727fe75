"""Where a feed is published to."""

"""The show on disk: podkit.toml, episodes/, renditions.toml, caches."""

"""The web, as far as podkit asks it for something: one fetcher, behind one gate."""

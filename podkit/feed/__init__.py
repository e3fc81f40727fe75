"""RSS: written through feedgen, read through lxml, located through expat."""

"""Still pictures: what they are, and making the sizes that platforms want."""

"""Site profiles: data that says what is where on one site."""

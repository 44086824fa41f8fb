"""`mockserver verify`: the cases, sent to a mock or to the vendor itself."""

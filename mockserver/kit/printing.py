"""What may be printed of a text that somebody else has sent."""


def printable(text: str) -> str:
    """Return a text with all that could end its line, or steer a terminal, as escapes."""
    return "".join(letter if letter.isprintable() else repr(letter)[1:-1] for letter in text)

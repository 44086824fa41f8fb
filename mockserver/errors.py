"""What a tester is told when something cannot be as wished, in one sentence."""


class SetupError(ValueError):
    """What keeps a world from being made: the file, the place in it, the remedy."""


class ConflictError(SetupError):
    """What cannot be because of what is there already: a name, a credential, too many accounts."""

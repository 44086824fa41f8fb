"""Where a server may listen and where its state may lie, as settings write it."""

PORT = "[0-9]{1,4}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5]"
MEMORY = "memory"
# A password holds none of these signs but encoded, so what is shown of an address is never part of one.
LOGIN = r"([^\s@/?#\[\]]*@)?"
STORE = (
    f"{MEMORY}|redis://{LOGIN}([A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+\\])(:({PORT}))?(/[0-9]{{1,4}})?"
    f"|unix://{LOGIN}/[^\\s?#@]+(\\?db=[0-9]{{1,4}})?"
)


def shown(address: str) -> str:
    """Return a store's address without who may open it."""
    scheme, _, rest = address.partition("://")
    return f"{scheme}://{rest.rpartition('@')[2]}"

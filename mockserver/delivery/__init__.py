"""Webhooks on their way: what is due, who sends it, what comes of it. Nothing here opens a socket."""

from mockserver.delivery.courier import Courier
from mockserver.delivery.parcel import Answer, Parcel, Send

__all__ = ["Answer", "Courier", "Parcel", "Send"]

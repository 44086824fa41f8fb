"""Stands in for five call-recording and QA vendors, offline: their rules, their statuses, their bodies."""

__version__ = "0.1.0"

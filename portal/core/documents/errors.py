"""What can go wrong when a document is made; the messages are for staff."""


class DocumentError(Exception):
    """The document cannot be made; nothing was written and nothing left."""


class DocumentTooHeavy(DocumentError):
    """The rendering passed its limit of time, memory, length or pages (handbook, reliability I2)."""

"""What can go wrong, and what backends may say."""
from . import _reader


class Error(Exception):
    """What was given is wrong, or the program cannot be run. The message is one line: place, value and way out."""


class Refused(Error, _reader.Refused):
    """A case that no backend should solve: raised by :func:`goldspike.solve`, and by backends."""


class Unsupported(_reader.Unsupported):
    """Raised by a backend: a legal case that it cannot solve. Its verdict is ``unsupported``; a test is skipped."""

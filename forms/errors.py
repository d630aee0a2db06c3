"""What can be wrong with a form, or with a request that answers it."""

from base.errors import Invalid


class BadForm(Invalid):
    """The form cannot be read."""


class UnknownField(Invalid):
    """The request holds a field that the form does not have."""


class TooMuchSent(Invalid):
    """The request holds more text than a form takes."""

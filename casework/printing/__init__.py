"""Documents on paper: what stands on them, said in blocks that one template lays out."""

from casework.printing.model import (
    Block,
    Document,
    Facts,
    Grid,
    Heading,
    Items,
    Label,
    Lines,
    Logo,
    Picture,
    Rich,
    Text,
    printed,
)
from casework.printing.written import written

__all__ = [
    "Block",
    "Document",
    "Facts",
    "Grid",
    "Heading",
    "Items",
    "Label",
    "Lines",
    "Logo",
    "Picture",
    "Rich",
    "Text",
    "printed",
    "written",
]

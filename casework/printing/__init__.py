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
    Picture,
    Text,
    printed,
)

__all__ = [
    "Block",
    "Document",
    "Facts",
    "Grid",
    "Heading",
    "Items",
    "Label",
    "Lines",
    "Picture",
    "Text",
    "printed",
]

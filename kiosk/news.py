"""What the line to the server has to tell the loop."""

from dataclasses import dataclass

from protocol.catalogue import Catalogue
from protocol.messages import Figures, Finding


@dataclass(frozen=True, slots=True)
class OnlineChanged:
    online: bool


@dataclass(frozen=True, slots=True)
class CatalogueChanged:
    catalogue: Catalogue


@dataclass(frozen=True, slots=True)
class FiguresChanged:
    figures: Figures


@dataclass(frozen=True, slots=True)
class LeasesChanged:
    """There are more numbers now."""


@dataclass(frozen=True, slots=True)
class FindingsChanged:
    """Everything the line has to complain about now; empty when all is well."""

    findings: tuple[Finding, ...]


News = (
    OnlineChanged | CatalogueChanged | FiguresChanged | LeasesChanged | FindingsChanged
)

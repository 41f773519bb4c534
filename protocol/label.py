"""The label of a ticket: what is printed, called and shown, e.g. `A045` or `312`."""

from protocol.catalogue import Series


def label(series: Series, number: int) -> str:
    """With a prefix the number is padded to the width of the series' last number."""
    if not series.first <= number <= series.last:
        raise ValueError(f"{number} is not in series {series.id}")
    if not series.prefix:
        return str(number)
    return f"{series.prefix}{number:0{len(str(series.last))}d}"

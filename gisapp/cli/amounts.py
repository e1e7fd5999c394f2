"""Large numbers on a terminal; without the numerical libraries, so that a known run is answered at once."""

from __future__ import annotations


def grouped(value: float) -> str:
    """Whole number in groups of three, with the Indonesian point.

    >>> grouped(1_500_000)
    '1.500.000'
    """
    return f"{value:,.0f}".replace(",", ".")


def rupiah(value: float) -> str:
    """Amount written out.

    >>> rupiah(2500)
    'Rp 2.500'
    """
    return f"Rp {grouped(value)}"

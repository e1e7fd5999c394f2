"""On which side of a line a point lies, decided as GEOS decides it, compiled."""

from __future__ import annotations

import numba

#: Error bound of the determinant in doubles, relative to the sum of its two products: 3 units in the last place
#: (Ozaki, Bünger, Ogita, Oishi & Rump 2016, doi 10.1007/s10543-015-0574-9; GEOS since 3.14).
ORIENTATION_ERROR = 3.3306690621773724e-16
# 2^27 + 1: splits a double into two halves whose products are exact (Veltkamp).
_SPLIT = 134217729.0


@numba.njit(cache=True, nogil=True)
def orientation(ax: float, ay: float, bx: float, by: float, px: float, py: float) -> int:
    """1 when p lies left of the line from a to b, -1 right of it, 0 on it.

    The sign of the determinant in doubles where its error bound allows, else in double-double arithmetic with
    the operations of GEOS in their order, so that both answer alike for every point.
    """
    left = (ax - px) * (by - py)
    right = (ay - py) * (bx - px)
    determinant = left - right
    if not abs(determinant) >= abs(left + right) * ORIENTATION_ERROR:
        determinant = _double_double(ax, ay, bx, by, px, py)
    if determinant > 0.0:
        return 1
    return -1 if determinant < 0.0 else 0


@numba.njit(cache=True, nogil=True)
def _double_double(ax: float, ay: float, bx: float, by: float, px: float, py: float) -> float:
    """Determinant of (b - a, p - b) in double-double arithmetic (Knuth's sums, Dekker's products)."""
    dx1, dx1_low = _difference(bx, ax)
    dy1, dy1_low = _difference(by, ay)
    dx2, dx2_low = _difference(px, bx)
    dy2, dy2_low = _difference(py, by)
    left, left_low = _product(dx1, dx1_low, dy2, dy2_low)
    right, right_low = _product(dy1, dy1_low, dx2, dx2_low)
    high, low = _sum(left, left_low, -right, -right_low)
    determinant: float = high if high != 0.0 else low
    return determinant


@numba.njit(cache=True, nogil=True)
def _difference(a: float, b: float) -> tuple[float, float]:
    """Difference a - b of doubles, exactly, as a high and a low part."""
    total = a - b
    e = total - a
    s = total - e
    rest = (-b - e) + (a - s)
    high = total + rest
    return high, rest + (total - high)


@numba.njit(cache=True, nogil=True)
def _product(a: float, a_low: float, b: float, b_low: float) -> tuple[float, float]:
    """Product of two double-doubles."""
    c = _SPLIT * a
    ah = c - (c - a)
    at = a - ah
    c = _SPLIT * b
    bh = c - (c - b)
    bt = b - bh
    c = a * b
    rest = ((((ah * bh - c) + ah * bt) + at * bh) + at * bt) + (a * b_low + a_low * b)
    high = c + rest
    return high, rest + (c - high)


@numba.njit(cache=True, nogil=True)
def _sum(a: float, a_low: float, b: float, b_low: float) -> tuple[float, float]:
    """Sum of two double-doubles."""
    high = a + b
    low = a_low + b_low
    e = high - a
    f = low - a_low
    s = (b - e) + (a - (high - e))
    t = (b_low - f) + (a_low - (low - f))
    e = s + low
    first = high + e
    rest = t + (e + (high - first))
    total = first + rest
    return total, rest + (first - total)

"""What exact reductions must be, from Python's integers: the oracle of exact_cases.py.

Floats become integers in units of 2^-1074, products in units of 2^-2148; the true division of two ints is correctly
rounded in Python, subnormal results included.
"""
import collections
import math
import struct

OPERATIONS = ["sum", "dot", "norm", "magnitudes", "mean", "variance", "accumulate", "accumulate_products", "scalars",
              "prefix", "complex_dot", "complex_dotu", "several_dots", "all_pairs", "weighted_mean"]
UNIT = 1074
INFINITY = math.inf


def scaled(value):
    """A finite number as an integer, in units of 2^-1074."""
    numerator, denominator = value.as_integer_ratio()
    return numerator << (UNIT + 1 - denominator.bit_length())  # the denominator is a power of two


def total(terms, value):
    """The sum of value(t) over the terms; many terms are often the same few."""
    if len(terms) < 1000:
        return sum(map(value, terms))
    return sum(count * value(term) for term, count in collections.Counter(terms).items())


def scaled_product(pair):
    return scaled(pair[0]) * scaled(pair[1])


def rounded(numerator, denominator):
    """numerator / denominator to the nearest float64, ties to even."""
    try:
        return numerator / denominator
    except OverflowError:
        return INFINITY if numerator > 0 else -INFINITY


def bits(value):
    if value != value:
        return 0x7FF8 << 48
    return struct.unpack("<Q", struct.pack("<d", value))[0]


def special_sum(terms):
    """The sum of floats if one is not finite, else None."""
    special = {t if t == t else "nan" for t in terms if t != t or t in (INFINITY, -INFINITY)}
    if not special:
        return None
    return math.nan if "nan" in special or len(special) > 1 else special.pop()


def is_finite(value):
    return isinstance(value, int) or math.isfinite(value)


def product_special(x, y):
    """x * y if one of them is not finite, as float64 would classify it."""
    if x != x or y != y or x == 0 or y == 0:
        return math.nan
    return INFINITY if (x > 0) == (y > 0) else -INFINITY


def square_root(value, unit):
    """The square root of value * 2^-2unit, correctly rounded: from the floor with 64 bits and a sticky bit."""
    if value == 0:
        return 0.0
    shift = max(0, 130 - value.bit_length())
    shift += shift % 2
    root = math.isqrt(value << shift)
    sticky = root * root != value << shift
    return rounded(2 * root + sticky, 1 << (1 + shift // 2 + unit))


def answer_integer(total):
    return ("i", total) if -(1 << 127) <= total < 1 << 127 else ("r", 0)


def complex_parts(x, y, conjugated):
    """Complex x and y, re, im, re, im ..., as the factors of the real and of the imaginary part."""
    turned = [-v for v in y[1::2]]
    plain = [v for pair in zip(y[::2], turned) for v in pair]
    crossed = [v for pair in zip(y[1::2], [-v for v in y[::2]] if conjugated else y[::2]) for v in pair]
    return (x, y if conjugated else plain), (x, crossed)


def several(name, parameter, x, y):
    """The two arrays whose dot product run_several() of exact_cases.cpp shows."""
    if name == "several_dots":
        return x, [y, y[::-1], x][parameter % 3]
    pairs = [(a, b) for i, a in enumerate([x, y, x[::-1]]) for b in [x, y, x[::-1]][i:]]
    return pairs[parameter % 6]


def weighted_mean(weights, x):
    special = special_sum([product_special(a, b) for a, b in zip(weights, x) if not (is_finite(a) and is_finite(b))])
    if not all(map(is_finite, weights)) or total(weights, scaled) == 0 or special != special:
        return math.nan
    weight = total(weights, scaled)
    if special is not None:
        return special if weight > 0 else -special
    products = total(list(zip(weights, x)), scaled_product)
    return rounded(products if weight > 0 else -products, abs(weight) << UNIT)


def expected(case):
    operation, x_type, y_type, parameter, x, y = case
    name = OPERATIONS[operation]
    if name in ("complex_dot", "complex_dotu"):
        dot = OPERATIONS.index("dot")
        return ("c", tuple(expected((dot, x_type, y_type, 0, a, b))[1]
                           for a, b in complex_parts(x, y, name == "complex_dot")))
    if name in ("several_dots", "all_pairs"):
        return expected((OPERATIONS.index("dot"), x_type, y_type, 0, *several(name, parameter, x, y)))
    if name == "prefix":
        return expected((OPERATIONS.index("sum"), x_type, y_type, 0, x[:parameter % (len(x) + 1)], None))
    if name == "weighted_mean":
        return ("d", weighted_mean(x, y))
    integers = x_type >= 2 and (y is None or y_type >= 2)
    float_terms = []
    if y is None:
        float_terms = [v for v in x if not is_finite(v)]
    else:
        float_terms = [product_special(a, b) for a, b in zip(x, y) if not (is_finite(a) and is_finite(b))]
    n = len(x)
    if name == "magnitudes":
        float_terms = [abs(t) for t in float_terms]
    if name == "norm":
        float_terms = [t * t for t in float_terms]
    if name in ("mean", "variance") and n == 0:
        return ("d", math.nan)
    if name == "variance" and (n <= parameter or float_terms):
        return ("d", math.nan)
    special = special_sum(float_terms)
    if special is not None:
        return ("d", special)
    if name in ("dot", "accumulate_products"):
        if integers:
            return answer_integer(sum(a * b for a, b in zip(x, y)))
        return ("d", rounded(total(list(zip(x, y)), scaled_product), 1 << (2 * UNIT)))
    if name in ("sum", "accumulate", "scalars", "magnitudes"):
        if integers:
            return answer_integer(sum(abs(v) for v in x) if name == "magnitudes" else sum(x))
        return ("d", rounded(total(x, lambda v: abs(scaled(v))) if name == "magnitudes" else total(x, scaled), 1 << UNIT))
    if name == "mean":
        return ("d", rounded(total(x, scaled), n << UNIT))
    squares = total(x, lambda v: scaled(v) ** 2)
    if name == "norm":
        return ("d", square_root(squares, UNIT))
    return ("d", rounded(n * squares - total(x, scaled) ** 2, n * (n - parameter) << (2 * UNIT)))

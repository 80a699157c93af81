"""Nasty cases for exact_cases.py: the families on which sums usually go wrong."""
import math
import random
import struct

from exact_oracle import INFINITY, OPERATIONS


class Generator:
    def __init__(self, seed):
        self.r = random.Random(seed)

    def from_bits(self, low=0, high=0x7FF):
        """A float64 of random bits, exponent field in [low, high]."""
        field = self.r.randint(low, high)
        return struct.unpack("<d", struct.pack(
            "<Q", self.r.getrandbits(1) << 63 | field << 52 | self.r.getrandbits(52)))[0]

    def spread(self, binades, centre=0):
        fraction = self.r.choice([self.r.random(), self.r.random() + 1, float(self.r.randint(1, 9))])
        return math.ldexp(self.r.choice([-1, 1]) * fraction, centre + self.r.randint(-binades, binades))

    def normal(self, n):
        return [self.r.gauss(0, 1) for _ in range(n)]

    def uniform(self, n):
        return [self.r.random() for _ in range(n)]

    def narrow(self, n):
        return [self.spread(20) for _ in range(n)]

    def wide(self, n):
        return [self.spread(120) for _ in range(n)]

    def whole_range(self, n):
        return [self.from_bits(0, 0x7FE) for _ in range(n)]

    def any_bits(self, n):
        return [self.from_bits() for _ in range(n)]

    def subnormal(self, n):
        return [self.from_bits(0, self.r.choice([0, 1, 3])) for _ in range(n)]

    def tiny(self, n):
        return [self.spread(40, -537) for _ in range(n)]  # products near 2^-1074

    def underflow(self, n):
        return [self.spread(3, -540) for _ in range(n)]

    def huge(self, n):
        return [self.from_bits(0x7FC, 0x7FE) for _ in range(n)]

    def overflow(self, n):
        """Sums at the boundary 2^1024 - 2^970, above which the result is an infinity."""
        largest = math.ldexp(2 - 2 ** -52, 1023)
        pool = [largest, math.ldexp(1, 970), math.ldexp(1, 969), math.ldexp(1, 917), 5e-324, -5e-324,
                -math.ldexp(1, 917), math.ldexp(1, 1023), -math.ldexp(1, 1023)]
        values = [largest] + [self.r.choice(pool) for _ in range(min(n, 5))]
        if self.r.random() < 0.5:
            values = [-v for v in values]
        return (values + [0.0] * n)[:n]

    def cancelling(self, n):
        """Pairs that cancel, and a small rest."""
        values = [self.spread(100) for _ in range(n // 2)]
        values += [-v for v in values]
        values += [self.spread(60, -100) for _ in range(n - len(values))]
        self.r.shuffle(values)
        return values

    def total_cancellation(self, n):
        values = [self.from_bits(1, 0x7FE) for _ in range(n // 2)]
        return values + [-v for v in values] + [0.0] * (n % 2)

    def zeros(self, n):
        return [self.r.choice([0.0, -0.0]) if self.r.random() < 0.8 else self.spread(30) for _ in range(n)]

    def all_zeros(self, n):
        return [self.r.choice([0.0, -0.0]) for _ in range(n)]

    def growing(self, n):
        return [math.ldexp(self.r.choice([1.0, -1.25]), max(-1074, min(1023, i * 2000 // max(n, 1) - 1000)))
                for i in range(n)]

    def decaying(self, n):
        return self.growing(n)[::-1]

    def ties(self, n):
        """A 53-bit number, half its last bit, and perhaps a far smaller one that breaks the tie."""
        exponent = self.r.choice([0, self.r.randint(-1020, 960), -1022, -1021])
        top = math.ldexp(float(self.r.getrandbits(52) | 1 << 52), exponent - 52)
        values = [self.r.choice([-1, 1]) * top]
        if exponent - 53 >= -1074:
            values.append(math.copysign(math.ldexp(1.0, exponent - 53), values[0] * self.r.choice([-1, 1])))
        if self.r.random() < 0.6:
            smaller = math.ldexp(1.0, max(-1074, exponent - self.r.choice([54, 80, 107, 120, 300, 1074])))
            values.append(self.r.choice([-1, 1]) * smaller)
        values = (values + [0.0] * n)[:n]
        self.r.shuffle(values)
        return values

    def powers(self, n):
        return [self.r.choice([-1, 1]) * math.ldexp(1.0, self.r.randint(-1074, 1023)) for _ in range(n)]

    def specials(self, n):
        """Mostly ordinary, with NaN, infinities and zeros at a few places."""
        values = [self.spread(30) for _ in range(n)]
        pool = self.r.choice([[INFINITY], [-INFINITY], [INFINITY, -INFINITY], [math.nan], [math.nan, INFINITY],
                              [INFINITY, 0.0], [-math.nan, 0.0, -INFINITY]])
        for _ in range(self.r.randint(1, 4)):
            if n:
                values[self.r.randrange(n)] = self.r.choice(pool)
        return values

    FLOATS = ["normal", "uniform", "narrow", "wide", "whole_range", "any_bits", "subnormal", "tiny", "underflow",
              "huge", "overflow", "cancelling", "total_cancellation", "zeros", "all_zeros", "growing", "decaying",
              "ties", "ties", "powers", "specials"]

    def floats(self, n):
        return getattr(self, self.r.choice(self.FLOATS))(n)

    def floats32(self, n):
        family = self.r.randrange(4)
        values = []
        for _ in range(n):
            field = [self.r.randint(0, 254), self.r.randint(120, 135), self.r.randint(0, 2), self.r.randint(0, 255)][family]
            values.append(struct.unpack("<f", struct.pack(
                "<I", self.r.getrandbits(1) << 31 | field << 23 | self.r.getrandbits(23)))[0])
        if n and self.r.random() < 0.1:
            values[self.r.randrange(n)] = self.r.choice([INFINITY, -INFINITY, math.nan, 0.0])
        return values

    def integers(self, n, low, high):
        family = self.r.randrange(4)
        if family == 0:
            return [self.r.randint(low, high) for _ in range(n)]
        if family == 1:
            return [self.r.choice([low, high, low + 1, high - 1]) for _ in range(n)]
        if family == 2:
            return [self.r.randint(max(low, -9), 9) for _ in range(n)]
        sign = self.r.choice([low, high])
        return [sign] * n

    def array(self, kind, n):
        if kind == 0:
            return self.floats(n)
        if kind == 1:
            return self.floats32(n)
        low, high = {2: (-2**31, 2**31 - 1), 3: (-2**63, 2**63 - 1), 4: (0, 2**64 - 1)}[kind]
        return self.integers(n, low, high)

    def size(self):
        which = self.r.random()
        if which < 0.5:
            return self.r.randint(0, 12)
        if which < 0.85:
            return self.r.randint(13, 130)
        if which < 0.99:
            return self.r.randint(131, 700)
        return self.r.choice([1023, 1024, 1025, 2047, 2048, 2049, 5000])

    TWO_ARRAYS = ["dot", "accumulate_products", "complex_dot", "complex_dotu", "several_dots", "all_pairs", "weighted_mean"]

    def case(self):
        operation = self.r.randrange(len(OPERATIONS))
        name = OPERATIONS[operation]
        n = self.size()
        if name in ("accumulate", "accumulate_products"):
            x_type = y_type = 0
            n = self.r.choice([n, 3 * n])
        else:
            x_type = self.r.choice([0, 0, 0, 1, 2, 3, 4])
            y_type = self.r.choice([x_type, x_type, self.r.randrange(5)])
        if operation >= OPERATIONS.index("complex_dot"):  # two arrays of one type
            y_type = x_type = x_type % 2 if name in ("complex_dot", "complex_dotu") else x_type
            n -= n % 2 if name in ("complex_dot", "complex_dotu") else 0
        parameter = self.r.choice([0, 1, 1, 2, -1]) if name == "variance" else self.r.randint(0, 20)
        x = self.array(x_type, n)
        y = self.array(y_type, n) if name in self.TWO_ARRAYS else None
        if y is not None and x_type == y_type == 0 and self.r.random() < 0.3:
            x, y = self.pair(n)
        return operation, x_type, y_type, parameter, x, y

    def pair(self, n):
        """Products that cancel wholly or but for a rest, end in a tie, or scale each other."""
        x = self.floats(n)
        y = [1.0] * n
        which = self.r.randrange(3)
        if which == 0:
            half = n // 2
            y = self.floats(n)
            x = x[:half] + x[:half] + x[:n - 2 * half]
            y = y[:half] + [-v for v in y[:half]] + y[:n - 2 * half]
        elif which == 1:
            scale = self.r.randint(-1000, 1000)
            y = [math.ldexp(1.0, scale)] * n
        return x, y

"""Nasty cases for exact_cases.py: the families on which sums usually go wrong, and those at which the SIMD kernels change
their ways (src/tutti/exact/ladder.hpp)."""
import math
import random
import struct

from exact_oracle import INFINITY, OPERATIONS


BLOCK = 8192  # terms between two looks at the exception flags; 2048 is a divisor
CAPACITIES = [0, 7, 40, 46, 86, 132, 178, 200]  # binades at which a tier or its headroom ends, and beyond the last


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

    def full(self, exponent):
        """A float64 with 53 significant bits, in the binade of an exponent."""
        return math.ldexp(self.r.choice([-1, 1]) * (2 ** 52 + self.r.getrandbits(52)), max(-1074, min(971, exponent - 52)))

    def edge_of_a_tier(self, n):
        """Spread over as many binades as a tier takes, one or two more or fewer; both ends occur."""
        binades = max(0, self.r.choice(CAPACITIES) + self.r.randint(-2, 2))
        lowest = self.r.choice([0, -binades // 2, -1000, -1022, 960 - binades, 1023 - binades, self.r.randint(-1022, 800)])
        values = [self.full(lowest + self.r.randint(0, binades)) for _ in range(n)]
        for end in (lowest, lowest + binades):
            if n:
                values[self.r.randrange(n)] = self.full(end)
        return values

    def one_sign(self, n):
        """Accumulators drift away from their offsets: after some thousand terms beyond the headroom."""
        sign, exponent, binades = self.r.choice([-1, 1]), self.r.randint(-30, 30), self.r.choice([0, 1, 20, 45])
        return [sign * abs(self.full(exponent - self.r.randint(0, binades))) for _ in range(n)]

    def whole_numbers(self, n):
        """What tier 0 takes: integers, of few bits or of as many as it takes."""
        width, scale = self.r.choice([1, 8, 20, 23, 45, 46, 47]), self.r.choice([0, 0, -20, self.r.randint(-900, 900)])
        return [math.ldexp(self.r.randint(-2 ** width, 2 ** width), scale) for _ in range(n)]

    def rising(self, n):
        """Growing slowly: blocks fail one after another, and the tier has to rise, or only its offsets."""
        binades, lowest = self.r.choice([30, 60, 100, 150, 400]), self.r.choice([-15, self.r.randint(-1022, 600)])
        return [self.full(lowest + i * binades // max(n, 1) + self.r.randint(0, 3)) for i in range(n)]

    def falling(self, n):
        return self.rising(n)[::-1]

    def limits(self, n):
        """Near the exponents at which a tier has no room for its offsets."""
        centre = self.r.choice([-1000, -1022, -947, -900, 960, 993, 1000, 1010, 500, 508, -500, -510])
        return [self.full(centre + self.r.randint(-8, 8)) for _ in range(n)]

    def one_special(self, n):
        """An infinity or a NaN in the first, the middle or the last place; perhaps a second one far away."""
        values = self.narrow(n)
        for _ in range(self.r.choice([1, 1, 2])):
            if n:
                values[self.r.choice([0, n // 2, n - 1, n - n % 64 - 1])] = self.r.choice([INFINITY, -INFINITY, math.nan])
        return values

    def nice_sample(self, n):
        """The first look is at 64 terms; those behind them are worse."""
        worse = getattr(self, self.r.choice(["wide", "edge_of_a_tier", "huge", "subnormal", "one_special"]))
        nice = getattr(self, self.r.choice(["normal", "whole_numbers", "all_zeros", "uniform"]))
        return nice(min(n, 64)) + worse(max(0, n - 64))

    def changing(self, n):
        """Other numbers in each block: nice, wild, nice again; zeros first; integers, then others."""
        kinds = self.r.choice([["normal", "wide"], ["uniform", "whole_range", "uniform"], ["all_zeros", "normal"],
                               ["whole_numbers", "normal"], ["one_sign", "edge_of_a_tier"], ["normal", "one_special", "normal"],
                               ["edge_of_a_tier", "edge_of_a_tier", "normal"], ["whole_numbers", "limits", "whole_numbers"]])
        length = BLOCK // self.r.choice([1, 1, 4]) if n > BLOCK else self.r.choice([64, 128, 2048])
        values = []
        while len(values) < n:
            for kind in kinds:
                values += self.repeated(kind, length)
        return values[:n]

    def repeated(self, family, n):
        """Many numbers cheaply: some of a family, over and over."""
        some = getattr(self, family)(min(n, self.r.choice([61, 300, 811])))
        return (some * (n // max(1, len(some)) + 1))[:n]

    FLOATS = ["normal", "uniform", "narrow", "wide", "whole_range", "any_bits", "subnormal", "tiny", "underflow",
              "huge", "overflow", "cancelling", "total_cancellation", "zeros", "all_zeros", "growing", "decaying",
              "ties", "ties", "powers", "specials", "edge_of_a_tier", "edge_of_a_tier", "one_sign", "whole_numbers",
              "rising", "falling", "limits", "one_special", "nice_sample", "changing"]

    def floats(self, n):
        family = self.r.choice(self.FLOATS)
        if n > 3000 and self.r.random() < 0.6:
            return self.changing(n) if self.r.random() < 0.5 else self.repeated(family, n)
        return getattr(self, family)(n)

    @staticmethod
    def narrowed(value):
        """The float32 nearest to a float64 whose exponent is brought into range."""
        if value - value != 0:
            return value
        fraction, exponent = math.frexp(value)
        # Not the last binade, in which rounding could overflow.
        return struct.unpack("<f", struct.pack("<f", math.ldexp(fraction, max(-148, min(127, exponent)))))[0]

    def floats32(self, n):
        family = self.r.randrange(8)
        if family >= 4:
            return list(map(self.narrowed, self.floats(n)))
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
        if which < 0.3:
            return self.r.randint(0, 12)
        if which < 0.65:
            return self.r.randint(13, 130)
        if which < 0.97:
            return self.r.randint(131, 700)
        if which < 0.994:
            return self.r.choice([1023, 1024, 1025, 2047, 2048, 2049, 4096])
        return self.r.choice([5000, 8191, 8192, 8193, 8256, 16384, 16450, 20011, 20011, 33000, 57400])

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
        if name == "prefix":
            parameter = self.r.randrange(1 << 30)
        x = self.array(x_type, n)
        y = self.array(y_type, n) if name in self.TWO_ARRAYS else None
        if y is not None and x_type == y_type == 0 and self.r.random() < 0.3:
            x, y = self.pair(n)
        return operation, x_type, y_type, parameter, x, y

    def pair(self, n):
        """Products that cancel wholly or but for a rest, end in a tie, or scale each other."""
        x = self.floats(n)
        y = [1.0] * n
        which = self.r.randrange(4)
        if which == 0:  # the spread of the products is that of x, or one more
            y = [self.full(0) for _ in range(min(n, 811))] * (n // 811 + 1)
            y = y[:n]
        elif which == 3:
            half = n // 2
            y = self.floats(n)
            x = x[:half] + x[:half] + x[:n - 2 * half]
            y = y[:half] + [-v for v in y[:half]] + y[:n - 2 * half]
        elif which == 1:
            scale = self.r.randint(-1000, 1000)
            y = [math.ldexp(1.0, scale)] * n
        return x, y

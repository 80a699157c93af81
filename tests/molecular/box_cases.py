"""box_cases.py PROGRAM N SEED - what the program prints, against Python's fractions: each conversion is the exact value,
rounded once to nearest even."""
import subprocess
import sys
from fractions import Fraction


def nearest(value):
    """round() of a Fraction rounds half to even."""
    return round(value)


def check(line):
    edge, x, fraction, image, given, given_image, coordinate, unwrapped, displacement, length = line.split()
    edge, x = Fraction(float.fromhex(edge)), Fraction(float.fromhex(x))
    place = nearest(x / edge * 2**64)
    yield "place", (int(image), int(fraction)), divmod(place, 2**64)
    # float() of a Fraction is its value rounded once, to nearest even.
    yield "coordinate", float.fromhex(coordinate), float(Fraction(int(given), 2**64) * edge)
    yield "unwrapped", float.fromhex(unwrapped), float((int(given_image) + Fraction(int(given), 2**64)) * edge)
    yield "length", float.fromhex(length), float(Fraction(int(displacement), 2**64) * edge)


def main():
    lines = subprocess.run(sys.argv[1:], check=True, capture_output=True, text=True).stdout.splitlines()
    wrong = [(what, line, found, expected) for line in lines for what, found, expected in check(line) if found != expected]
    for what, line, found, expected in wrong[:5]:
        print(f"{what}: {line}: {found} is not {expected}")
    print(f"{len(lines)} cases, {len(wrong)} wrong")
    sys.exit(bool(wrong) or len(lines) != int(sys.argv[2]))


if __name__ == "__main__":
    main()

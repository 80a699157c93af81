"""Our .npy reader and writer against NumPy's.        npy_numpy.py NPY_TOOL      exit 77: NumPy is missing"""
import itertools
import os
import subprocess
import sys
import tempfile

try:
    import numpy as np
    from numpy.lib import format as npy
except ImportError as error:
    print("skipped:", error)
    sys.exit(77)

TOOL = sys.argv[1]
TYPES = ["|b1", "|i1", "|u1"] + [o + t for o in "<>" for t in ("i2", "i4", "i8", "u2", "u4", "u8", "f2", "f4", "f8")]
COMPUTE = {"b1": "i4", "i1": "i4", "u1": "i4", "i2": "i4", "u2": "i4", "i4": "i4", "u4": "i8", "i8": "i8", "u8": "u8",
           "f2": "f4", "f4": "f4", "f8": "f8"}
SHAPES = [(), (0,), (1,), (7,), (3, 4), (1, 5), (5, 1), (3, 0), (4, 3, 2), (2, 1, 3), (2, 3, 4, 5)]
checks = 0


def run(*arguments):
    return subprocess.run([TOOL, *arguments], capture_output=True)


def check(condition, *what):
    global checks
    checks += 1
    if not condition:
        print("FAILED:", *what)
        sys.exit(1)


def random_array(rng, dtype, shape):
    """Random bytes are random values: subnormals, infinities and NaN too."""
    dtype = np.dtype(dtype)
    count = int(np.prod(shape, dtype=np.int64))
    if dtype.kind == "b":
        return (rng.integers(0, 2, count) != 0).reshape(shape)
    return np.frombuffer(rng.bytes(count * dtype.itemsize), dtype).reshape(shape)


def equal_bits(ours, theirs):
    """The same bits; for NaN the same sign."""
    if ours.dtype.kind != "f":
        return np.array_equal(ours, theirs)
    unsigned = f"u{ours.dtype.itemsize}"
    nan = np.isnan(theirs)
    return (np.array_equal(np.isnan(ours), nan) and np.array_equal(np.signbit(ours), np.signbit(theirs)) and
            np.array_equal(ours.view(unsigned)[~nan], theirs.view(unsigned)[~nan]))


def check_values(path, array, dtype):
    compute = "<" + COMPUTE[dtype[1:]]
    out = run("dump", path)
    check(out.returncode == 0, path, out.stderr)
    with np.errstate(all="ignore"):
        expected = np.ascontiguousarray(array).reshape(-1).astype(compute)
    check(equal_bits(np.frombuffer(out.stdout, compute), expected), "values", dtype, array.shape)


def check_every_type_and_shape(folder):
    rng = np.random.default_rng(2026)
    path, copy = os.path.join(folder, "a.npy"), os.path.join(folder, "b.npy")
    for dtype, shape, order in itertools.product(TYPES, SHAPES, "CF"):
        array = np.array(random_array(rng, dtype, shape), dtype=dtype, order=order)
        np.save(path, array)
        check_values(path, array, dtype)
        out = run("copy", path, copy)
        check(out.returncode == 0, out.stderr)
        with open(path, "rb") as a, open(copy, "rb") as b:
            check(a.read() == b.read(), "not the bytes that numpy.save writes:", dtype, shape, order)
        back = np.load(copy)
        check(back.dtype == array.dtype and back.shape == shape and back.tobytes() == array.tobytes(), dtype, shape)


def check_versions(folder):
    path = os.path.join(folder, "v.npy")
    array = np.asfortranarray(np.arange(24, dtype=">i4").reshape(4, 6))
    for version in [(1, 0), (2, 0), (3, 0)]:
        with open(path, "wb") as file:
            npy.write_array(file, array, version=version)
        check_values(path, array, ">i4")
        out = run("info", path)
        check(out.stdout == b">i4 F 4 6\n", version, out.stdout)


def check_float16(folder):
    path = os.path.join(folder, "half.npy")
    every = np.arange(65536, dtype="<u2").view("<f2")
    np.save(path, every)
    check_values(path, every, "<f2")
    with np.errstate(all="ignore"):
        expected = every.astype("<f8")
    check(equal_bits(np.frombuffer(run("double", path).stdout, "<f8"), expected), "float16 to float64")


def check_lengths_of_headers(folder):
    """Every padding that a header can have."""
    path, copy = os.path.join(folder, "h.npy"), os.path.join(folder, "i.npy")
    for dimensions in range(1, 33):
        for order in "CF":
            array = np.zeros((2,) + (1,) * (dimensions - 1) if dimensions % 2 else (1,) * (dimensions - 2) + (12, 3),
                             dtype="<f8", order=order)
            np.save(path, array)
            check(run("copy", path, copy).returncode == 0)
            with open(path, "rb") as a, open(copy, "rb") as b:
                check(a.read() == b.read(), dimensions, order)


def check_refusals(folder):
    path = os.path.join(folder, "bad.npy")
    bad = {"Python objects": np.array([None, 1]), "complex": np.zeros(3, "<c16"), "text": np.array(["a"]),
           "structures": np.zeros(3, [("x", "<f8"), ("y", "<i4")]), "dates": np.array(["2026-01-01"], "<M8[D]"),
           "long double": np.zeros(3, np.longdouble), "holds text": np.array([b"abc"])}
    for word, array in bad.items():
        np.save(path, array, allow_pickle=True)
        out = run("dump", path)
        check(out.returncode == 65 and word in out.stderr.decode(), word, out.returncode, out.stderr)
    with open(path, "wb") as file:
        np.savez(file, a=np.zeros(3))
    out = run("dump", path)
    check(out.returncode == 65 and b".npz" in out.stderr, out.stderr)


with tempfile.TemporaryDirectory(prefix="tutti-io-") as temporary:
    for case in (check_every_type_and_shape, check_versions, check_float16, check_lengths_of_headers, check_refusals):
        case(temporary)
print(f"{checks} checks against NumPy {np.__version__} passed")

"""Files of numbers, byte by byte: nothing of the code under test, and no NumPy."""
import struct

LETTERS = {"f8": "d", "f4": "f", "i8": "q", "i4": "i", "i2": "h", "i1": "b", "u8": "Q", "u4": "I", "u2": "H",
           "u1": "B", "b1": "?", "f2": "e"}


def data(values, dtype="<f8"):
    order = ">" if dtype[0] == ">" else "<"
    return struct.pack(f"{order}{len(values)}{LETTERS[dtype[1:]]}", *values)


def header(dictionary, version=1):
    """The header around any text, right or wrong."""
    text = dictionary.encode("latin1")
    start = 10 if version == 1 else 12
    text += b" " * (-(start + len(text) + 1) % 64) + b"\n"
    return b"\x93NUMPY" + bytes([version, 0]) + struct.pack("<H" if version == 1 else "<I", len(text)) + text


def dictionary(dtype="<f8", shape="(3,)", fortran_order="False"):
    return f"{{'descr': '{dtype}', 'fortran_order': {fortran_order}, 'shape': {shape}, }}"


def npy(values, dtype="<f8", shape=None, fortran_order=False):
    shape = f"({len(values)},)" if shape is None else str(tuple(shape))
    return header(dictionary(dtype, shape, str(fortran_order))) + data(values, dtype)

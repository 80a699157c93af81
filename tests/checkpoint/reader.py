"""Checkpoints as another program reads them: NumPy, json and zlib, nothing of tutti."""
import json
import pathlib
import re
import zlib

import numpy

NAME = re.compile(r"\d{5,}-step-\d+")


def stored(folder):
    """The folders of complete checkpoints, the oldest first."""
    found = [path for path in pathlib.Path(folder).iterdir() if NAME.fullmatch(path.name)]
    return sorted(found, key=lambda path: int(path.name.split("-")[0]))


def read(path):
    """The manifest and the arrays; an AssertionError names what is wrong."""
    raw = (path / "manifest.json").read_bytes()
    lines = raw.splitlines(keepends=True)
    manifest = json.loads(raw)
    assert zlib.crc32(b"".join(lines[:-2])) == manifest["crc32"], f"{path}: the manifest's own checksum"
    assert manifest["schema"] == "tutti-checkpoint/1", manifest["schema"]
    assert path.name.endswith(f"-step-{manifest['step']}"), path
    arrays = {}
    for array in manifest["arrays"]:
        file = path / (array["name"] + ".npy")
        numbers = numpy.load(file, allow_pickle=False)
        assert numbers.dtype.str == array["dtype"], (file, numbers.dtype, array["dtype"])
        assert list(numbers.shape) == array["shape"], (file, numbers.shape)
        data = numbers.tobytes()  # in C order
        chunk = manifest["chunk_bytes"]
        sums = [zlib.crc32(data[at:at + chunk]) for at in range(0, len(data), chunk)]
        assert sums == array["crc32"], f"{file}: checksums"
        arrays[array["name"]] = numbers
    left = {entry.name for entry in path.iterdir()} - {"manifest.json"} - {name + ".npy" for name in arrays}
    assert not left, f"{path}: what are {left}?"
    return manifest, arrays

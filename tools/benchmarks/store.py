"""Stored runs: bench/results/QUESTION.json, and QUESTION.svg where there is a drawing."""
import json

from programs import ROOT

FOLDER = ROOT / "bench" / "results"


class NotStored(Exception):
    """Nothing to show."""


def write(name, document, draw=None):
    """The paths of what was written, from the root of the checkout."""
    files = {FOLDER / f"{name}.json": layout(document) + "\n"}
    if draw:
        files[FOLDER / f"{name}.svg"] = draw(document)
    for path, text in files.items():
        path.write_text(text, encoding="utf-8")
    return [path.relative_to(ROOT) for path in files]


def read(name):
    path = FOLDER / f"{name}.json"
    if not path.exists():
        raise NotStored(f"{path.relative_to(ROOT)} is not there yet; run tools/bench {name} --store")
    return json.loads(path.read_text(encoding="utf-8"))


def layout(value, indent=0, width=140):
    """JSON in which what fits on a line is on a line: diffs of stored runs stay readable."""
    text = json.dumps(value, ensure_ascii=False)
    if len(text) + indent <= width or not isinstance(value, (dict, list)):
        return text
    inner = " " * (indent + 1)
    if isinstance(value, dict):
        items = [f"{json.dumps(key, ensure_ascii=False)}: {layout(each, indent + 1, width)}" for key, each in value.items()]
    else:
        items = [layout(each, indent + 1, width) for each in value]
    opening, closing = "{}" if isinstance(value, dict) else "[]"
    return f"{opening}\n{inner}" + f",\n{inner}".join(items) + f"\n{' ' * indent}{closing}"

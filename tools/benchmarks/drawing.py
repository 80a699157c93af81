"""Bars as SVG, by hand: readable on light and on dark pages, without scripts or fonts of its own."""
import dataclasses
from xml.sax.saxutils import escape

from figures import three_digits

STYLE = """
  text { font: 13px system-ui, "Segoe UI", Helvetica, Arial, sans-serif; fill: #1f2328 }
  .title { font-size: 16px; font-weight: 600 } .head { font-weight: 600 } .small { font-size: 11px; fill: #59636e }
  .bar { fill: #a9b1bb } .marked { fill: #1f6feb } .line { stroke: #d1d9e0 }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 } .small { fill: #9198a1 } .bar { fill: #565e68 } .marked { fill: #4493f8 } .line { stroke: #3d444d }
  }"""
ROW, BAR, TOP, LABELS, PANEL, NOTE, MARGIN = 26, 16, 76, 276, 164, 150, 16  # pixels, roomy: fonts differ


@dataclasses.dataclass
class Bars:
    """A row: a value for each panel (None: not measured), and texts beside them."""
    name: str
    values: list
    marked: bool
    notes: list


def bars(title, below, panels, note_heads, rows):
    """Panels side by side, each with an axis of its own from 0; marked rows are coloured, and bold."""
    width = MARGIN + LABELS + PANEL * len(panels) + NOTE * len(note_heads)
    lines = wrapped(below, width // 6)
    height = TOP + ROW * len(rows) + 16 + 15 * len(lines) + MARGIN
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
             f'role="img" aria-label="{escape(title, QUOTE)}">', f"<style>{STYLE}\n</style>", text(MARGIN, 28, title, "title")]
    for number, name in enumerate(panels):
        parts.append(text(MARGIN + LABELS + PANEL * number, TOP - 18, name, "head"))
    for number, name in enumerate(note_heads):
        parts.append(text(notes_from(panels) + NOTE * number, TOP - 18, name, "head"))
    parts.append(f'<line class="line" x1="{MARGIN}" y1="{TOP - 8}" x2="{width - MARGIN}" y2="{TOP - 8}"/>')
    largest = [max((row.values[k] or 0 for row in rows), default=0) or 1 for k in range(len(panels))]
    for number, row in enumerate(rows):
        parts += draw_row(row, TOP + ROW * number, panels, largest)
    for number, line in enumerate(lines):
        parts.append(text(MARGIN, TOP + ROW * len(rows) + 22 + 15 * number, line, "small"))
    return "\n".join([*parts, "</svg>"]) + "\n"


QUOTE = {'"': "&quot;"}


def draw_row(row, top, panels, largest):
    weight = "head" if row.marked else ""
    parts = [text(MARGIN, top + 13, row.name, weight)]
    for number, value in enumerate(row.values):
        x = MARGIN + LABELS + PANEL * number
        length = 0 if value is None else round(value / largest[number] * (PANEL - 64), 1)
        if length:
            parts.append(f'<rect class="{"marked" if row.marked else "bar"}" x="{x}" y="{top}" width="{length}" height="{BAR}" rx="2"/>')
        parts.append(text(x + length + 5, top + 13, "-" if value is None else three_digits(value), weight))
    for number, note in enumerate(row.notes):
        parts.append(text(notes_from(panels) + NOTE * number, top + 13, note, weight))
    return parts


def notes_from(panels):
    return MARGIN + LABELS + PANEL * len(panels)


def text(x, y, what, kind):
    chosen = f' class="{kind}"' if kind else ""
    return f'<text{chosen} x="{x}" y="{y}">{escape(what)}</text>'


def wrapped(what, width):
    """Lines of at most so many characters, broken at spaces."""
    lines = [""]
    for word in what.split():
        if lines[-1] and len(lines[-1]) + 1 + len(word) > width:
            lines.append("")
        lines[-1] += (" " if lines[-1] else "") + word
    return lines

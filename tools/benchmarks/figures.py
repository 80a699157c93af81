"""Runs become figures: medians, ratios, quantities in words, tables."""
import statistics


def spread(values):
    return {"median": statistics.median(values), "min": min(values), "max": max(values), "runs": values}


def bounds(values):
    """The same without the runs: for what has thousands of them."""
    return {name: value for name, value in spread(values).items() if name != "runs"}


def ratio(numerator, denominator):
    """The ratio of the medians, and the least and the largest of runs that were made one after the other."""
    pairs = [a / b for a, b in zip(numerator, denominator, strict=True)]
    whole = statistics.median(numerator) / statistics.median(denominator)
    return {"median": round(whole, 4), "min": round(min(pairs), 4), "max": round(max(pairs), 4)}


def time_text(seconds):
    """Three digits: "120 ns", "1.13 µs", "21.4 ms"."""
    for unit, size in (("ns", 1e-9), ("µs", 1e-6), ("ms", 1e-3)):
        if seconds < 999.5 * size:
            return f"{three_digits(seconds / size)} {unit}"
    return f"{three_digits(seconds)} s"


def three_digits(value):
    if value == 0:
        return "0"
    return f"{value:.2f}" if value < 9.995 else f"{value:.1f}" if value < 99.95 else f"{value:.0f}"


def against(value, target, at_least=True, text="{:.2f}".format):
    """A figure and what it should be: "0.97 >= 0.95" if it reaches it, "0.47 < 0.55" if not."""
    if target is None:
        return text(value)
    sign = (">=" if value >= target else "<") if at_least else ("<=" if value <= target else ">")
    return f"{text(value)} {sign} {text(target)}"


class Table:
    """A title, columns, and rows of texts; the first column is a name, the others are aligned at their ends."""

    def __init__(self, title, columns):
        self.title = title
        self.columns = columns
        self.rows = []

    def add(self, *cells):
        if len(cells) != len(self.columns):
            raise ValueError(f"{self.title}: {len(cells)} cells for {len(self.columns)} columns")
        self.rows.append([str(cell) for cell in cells])

    def text(self):
        widths = [max(map(len, column)) for column in zip(self.columns, *self.rows)]
        lines = [self.title]
        for row in [self.columns, *self.rows]:
            cells = [cell.rjust(width) for cell, width in zip(row, widths)]
            cells[0] = row[0].ljust(widths[0])
            lines.append("  " + "   ".join(cells).rstrip())
        return "\n".join(lines) + "\n"

    def markdown(self):
        lines = [f"**{self.title}**", ""]
        for row in [self.columns, ["---", *["--:"] * (len(self.columns) - 1)], *self.rows]:
            lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |")
        return "\n".join(lines) + "\n"

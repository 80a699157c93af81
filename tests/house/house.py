"""house.py ROOT LINT - one custom of the house, checked on the checkout at ROOT. Exit 0, or 1 with the findings."""
import sys

import lints
from tree import read_tree


def main():
    root, name = sys.argv[1:]
    tree = read_tree(root)
    sources = sum(path.startswith("src/") for path in tree)
    if sources < 50:
        sys.exit(f"{root} has only {sources} source files; this is not the checkout")
    findings = lints.LINTS[name](tree)
    if name == "lengths":
        for remark in lints.long_files(tree):
            print("getting long:", remark)
    print(*findings, sep="\n")
    print(f"{name}: {len(findings)} findings in {len(tree)} files")
    sys.exit(bool(findings))


if __name__ == "__main__":
    main()

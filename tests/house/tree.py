"""The checkout as a lint sees it: paths and texts. A lint is a function from such a tree to a list of findings, so that
its own test can feed it a bad tree."""
import pathlib
import re
import subprocess

ROOMS = ["core", "files", "exact", "memory", "distribution", "launch", "inspect", "forecast", "verify", "comm", "array",
         "io", "checkpoint", "capi", "formats", "molecular", "simulation"]
BELOW = {  # which rooms a room may include, beside itself: the order of the house, from the bottom
    "core": set(),
    "files": {"core"},
    "exact": {"core"},
    "memory": {"core", "files"},
    "distribution": {"core"},
    "launch": {"core", "files", "memory"},
    "inspect": {"core", "files", "memory", "launch"},
    "forecast": {"core", "files", "memory", "distribution", "launch"},
    "verify": {"core", "files", "memory", "launch"},
    "comm": {"core", "files", "exact", "memory", "distribution", "launch", "inspect", "forecast", "verify"},
    "array": {"core", "files", "exact", "memory", "distribution", "launch", "inspect", "forecast", "verify", "comm"},
    "io": {"core", "files", "exact", "memory", "distribution", "launch", "inspect", "forecast", "verify", "comm", "array"},
    "checkpoint": {"core", "files", "exact", "memory", "distribution", "launch", "inspect", "forecast", "verify", "comm", "array", "io"},
    "capi": {"core", "files", "exact", "memory", "distribution", "launch", "inspect", "forecast", "verify", "comm", "array"},
    "formats": {"core", "files"},
    "molecular": {"core", "files", "memory", "formats"},
    "simulation": {"core", "files", "exact", "memory", "distribution", "launch", "inspect", "forecast", "verify", "comm", "array", "io", "checkpoint", "formats", "molecular"},
}


def read_tree(root):
    """All files that git knows or would not ignore, as {path: text}; without git, all files outside build trees."""
    root = pathlib.Path(root)
    try:
        listed = subprocess.run(["git", "-C", root, "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
                                check=True, capture_output=True).stdout.decode().split("\0")
        paths = [path for path in listed if path]
    except (OSError, subprocess.CalledProcessError):
        paths = [str(path.relative_to(root)) for path in root.rglob("*")
                 if not re.match(r"(build|\.git)(-[^/]*)?/", str(path.relative_to(root)))]
    tree = {}
    for path in sorted(set(paths)):
        if not (root / path).is_file():
            continue
        try:
            tree[path] = (root / path).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            pass  # not a text
    return tree


def room_of(path):
    """"io" for src/tutti/io/file.hpp, None for what lies in no room."""
    parts = path.split("/")
    return parts[2] if parts[:2] == ["src", "tutti"] and len(parts) > 3 else None


def includes(text):
    """(line number, '<' or '"', what) for each #include."""
    pattern = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]', re.MULTILINE)
    return [(text.count("\n", 0, found.start()) + 1, found[1], found[2]) for found in pattern.finditer(text)]


def public_headers(tree):
    """The installed headers: what the rooms' CMakeLists.txt list as HEADERS, and tutti.hpp."""
    public = {"src/tutti/tutti.hpp"}
    for room in ROOMS:
        lists = tree.get(f"src/tutti/{room}/CMakeLists.txt", "")
        for call in re.finditer(r"\btutti_room\(([^)]*)\)", lists):
            section = None
            for word in call[1].split():
                if word in ("HEADERS", "PRIVATE_HEADERS", "SOURCES"):
                    section = word
                elif section == "HEADERS":
                    public.add(f"src/tutti/{room}/{word.split('/')[-1]}")
    return public

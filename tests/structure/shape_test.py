"""Files stay small, names stay out that say nothing, and the tree speaks of itself alone."""

import pathlib
import re
import subprocess
import sys

MAX_LINES = {".hpp": 200, ".cpp": 400}
MAX_OWN_INCLUDES = 12
# Data, not prose: generated tables may be longer.
TABLES = re.compile(r"_tables?\.(hpp|cpp|inc)$")
EMPTY_NAMES = {"util", "utils", "helper", "helpers", "manager", "common", "misc"}
MARKS = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
# A path of the machine a thing was made on. /tmp, /dev, /proc, /etc and /usr are everybody's.
MACHINE_PATH = re.compile(r"(^|[^A-Za-z0-9._$}-])/(work|farm|root|home)/[A-Za-z]")
BINARY = {".json", ".ndjson", ".png"}


def main():
    root = pathlib.Path(sys.argv[1])
    listed = subprocess.run(["git", "-c", "safe.directory=*", "-C", root, "ls-files"], capture_output=True, text=True,
                            check=False)
    if listed.returncode != 0:
        print("not a git checkout: looking at every file outside build/")
        files = [p.relative_to(root).as_posix() for p in root.glob("**/*") if p.is_file()]
        files = [f for f in files if not f.startswith((".git/", "build/"))]
    else:
        files = listed.stdout.split("\n")[:-1]
    found = []
    for name in files:
        path = root / name
        if not path.is_file() or "/corpus/" in name:
            continue
        if EMPTY_NAMES & set(re.split(r"[/_.]", name)):
            found.append(f"{name}: a name that says nothing")
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        product = name.startswith(("libpii/", "providers/", "logging/", "piictl/"))
        lines = text.count("\n")
        limit = MAX_LINES.get(path.suffix)
        if product and limit and lines > limit and not TABLES.search(name):
            found.append(f"{name}: {lines} lines, more than {limit}")
        own = len(re.findall(r'^#include "', text, re.MULTILINE))
        if product and own > MAX_OWN_INCLUDES:
            found.append(f"{name}: {own} includes of ours, more than {MAX_OWN_INCLUDES}")
        if path.suffix not in BINARY and "shape_test" not in name:
            found += [f"{name}: the mark {m.group(0)}" for m in MARKS.finditer(text) if product]
            if MACHINE_PATH.search(text) and not name.startswith("LICENSE"):
                found.append(f"{name}: a path of a machine")
    print("\n".join(found) or f"{len(files)} files keep their shape")
    return 1 if found or not files else 0


if __name__ == "__main__":
    sys.exit(main())

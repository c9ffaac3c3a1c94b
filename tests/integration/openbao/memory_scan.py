"""Looks for texts in all of another process's memory. Needs to be root, for piictl lets nobody else look."""

import os
import sys


def readable_maps(pid):
    with open(f"/proc/{pid}/maps", encoding="ascii", errors="replace") as maps:
        for line in maps:
            parts = line.split()
            if parts[1].startswith("r") and not (len(parts) > 5 and parts[5] in ("[vvar]", "[vsyscall]")):
                begin, end = (int(x, 16) for x in parts[0].split("-"))
                yield begin, end, parts[5] if len(parts) > 5 else "anonymous"


def find(pid, needles):
    found = set()
    with open(f"/proc/{pid}/mem", "rb", buffering=0) as memory:
        for begin, end, name in readable_maps(pid):
            try:
                memory.seek(begin)
                content = memory.read(end - begin)
            except OSError:
                continue  # guard pages
            for what, needle in needles.items():
                # Half of it is as bad as all.
                half = needle.encode()[: max(16, len(needle) // 2)]
                if half in content:
                    found.add(f"{what} in {name}")
    return found


def expect_nothing(pid, needles, present):
    if os.geteuid() != 0:
        print("SKIPPED: only root can look into the memory of piictl")
        sys.exit(77)
    # The search finds what is there, or finding nothing would mean nothing.
    if not find(pid, present):
        sys.exit(f"FAILED: the search does not even find {present}")
    found = find(pid, needles)
    if found:
        sys.exit(f"FAILED: left in memory: {sorted(found)}")
    print("ok nothing of", ", ".join(needles), "is left in memory", flush=True)

"""The shipped program is hardened as docs/conventions.md says: PIE, full RELRO, no executable stack, stack protector,
fortified calls."""

import subprocess
import sys


def readelf(*arguments):
    return subprocess.run(["readelf", "-W", *arguments], capture_output=True, text=True, check=True).stdout


def main():
    program = sys.argv[1]
    header, segments = readelf("-h", program), readelf("-l", program)
    dynamic, symbols = readelf("-d", program), readelf("--dyn-syms", program)
    stack = [line for line in segments.splitlines() if "GNU_STACK" in line]
    checks = {
        "position-independent executable": "DYN (Position-Independent Executable" in header and "(FLAGS_1)" in dynamic
                                           and "PIE" in dynamic,
        "read-only relocations": "GNU_RELRO" in segments,
        "immediate binding": "BIND_NOW" in dynamic or "NOW" in dynamic,
        "non-executable stack": len(stack) == 1 and "RWE" not in stack[0],
        "stack protector": "__stack_chk_fail" in symbols,
        "fortified calls": "_chk@" in symbols.replace("__stack_chk_fail", ""),
        "control-flow protection": "IBT" in readelf("-n", program) or "x86 feature" not in readelf("-n", program),
        "no search path": "RPATH" not in dynamic and "RUNPATH" not in dynamic,
    }
    for name, good in checks.items():
        print(f"{'ok  ' if good else 'FAIL'} {name}")
    return 0 if all(checks.values()) else 1


if __name__ == "__main__":
    sys.exit(main())

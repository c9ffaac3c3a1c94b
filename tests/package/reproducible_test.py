"""What this build made is built anew, in a folder of another name and without a compiler's cache, to the same bytes: the
libraries, with PII_SLOW_TESTS=1 also piictl, which takes three times as long.

usage: reproducible_test.py SOURCE BUILD COMPILER, BUILD being a Release build of SOURCE"""

import hashlib
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile


TARGETS = ("pii_core", "pii_policy", "pii_providers", "pii_logging") + (("piictl",) if os.environ.get("PII_SLOW_TESTS") else ())


def digests(build):
    files = {name: next(build.rglob("piictl/piictl" if name == "piictl" else f"lib{name}.a")) for name in TARGETS}
    return {name: hashlib.sha256(file.read_bytes()).hexdigest() for name, file in files.items()}


def main():
    source, build, compiler = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), sys.argv[3]
    with tempfile.TemporaryDirectory() as folder:
        # With .git, because the program names its commit.
        copy = pathlib.Path(folder) / "a longer path" / "than the checkout's"
        shutil.copytree(source, copy, ignore=shutil.ignore_patterns("build", "__pycache__"))
        quiet = {"check": True, "stdout": subprocess.DEVNULL, "cwd": copy, "env": os.environ | {"CCACHE_DISABLE": "1"}}
        subprocess.run(["cmake", "--preset", "release", f"-DCMAKE_CXX_COMPILER={compiler}"], **quiet)
        subprocess.run(["cmake", "--build", "--preset", "release", "--target", *TARGETS], **quiet)
        results = [digests(build), digests(copy / "build" / "release")]
    print("\n".join(map(str, results)))
    return 0 if results[0] == results[1] else 1


if __name__ == "__main__":
    sys.exit(main())

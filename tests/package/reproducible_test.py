"""Two checkouts in different folders build the same bytes of piictl."""

import hashlib
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile


def build(source, target, compiler):
    ignore = shutil.ignore_patterns("build", ".git", "tests", "__pycache__")
    shutil.copytree(source, target, ignore=ignore)
    out = target / "build"
    # No cache: it would hand the second build the first one's objects.
    quiet = {"check": True, "stdout": subprocess.DEVNULL, "env": os.environ | {"CCACHE_DISABLE": "1"}}
    subprocess.run(["cmake", "-S", target, "-B", out, f"-DCMAKE_CXX_COMPILER={compiler}", "-DCMAKE_BUILD_TYPE=Release"], **quiet)
    subprocess.run(["cmake", "--build", out, "--target", "piictl", "-j2"], **quiet)
    program = next(p for p in out.glob("**/piictl") if p.is_file())
    return hashlib.sha256(program.read_bytes()).hexdigest()


def main():
    source, compiler = pathlib.Path(sys.argv[1]), sys.argv[2]
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        digests = [build(source, folder / name, compiler) for name in ("one", "two/with a longer path")]
    print("\n".join(digests))
    return 0 if digests[0] == digests[1] else 1


if __name__ == "__main__":
    sys.exit(main())

"""Two checkouts in different folders build the same bytes of piictl."""

import hashlib
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile


def build(source, compiler):
    """The digest of the shipped piictl as the release preset builds it in `source`. No compiler cache: it would hand the
    second build the first one's objects."""
    quiet = {"check": True, "stdout": subprocess.DEVNULL, "cwd": source, "env": os.environ | {"CCACHE_DISABLE": "1"}}
    subprocess.run(["cmake", "--preset", "release", f"-DCMAKE_CXX_COMPILER={compiler}"], **quiet)
    subprocess.run(["cmake", "--build", "--preset", "release", "--target", "piictl"], **quiet)
    return hashlib.sha256((source / "build" / "release" / "piictl" / "piictl").read_bytes()).hexdigest()


def main():
    source, compiler = pathlib.Path(sys.argv[1]), sys.argv[2]
    with tempfile.TemporaryDirectory() as folder:
        # With .git, because the program names its commit.
        copy = pathlib.Path(folder) / "a longer path" / "than the checkout's"
        shutil.copytree(source, copy, ignore=shutil.ignore_patterns("build", "__pycache__"))
        digests = [build(source, compiler), build(copy, compiler)]
    print("\n".join(digests))
    return 0 if digests[0] == digests[1] else 1


if __name__ == "__main__":
    sys.exit(main())

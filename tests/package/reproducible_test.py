"""Two checkouts in different folders build the same bytes: the libraries, with PII_SLOW_TESTS=1 also piictl, which takes three times as long."""

import hashlib
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile


LIBRARIES = ("pii_core", "pii_policy", "pii_providers", "pii_logging")


def build(source, compiler):
    """The digests of what the release preset builds in `source`. No compiler cache: it would hand the second build the
    first one's objects."""
    targets = LIBRARIES + (("piictl",) if os.environ.get("PII_SLOW_TESTS") else ())
    quiet = {"check": True, "stdout": subprocess.DEVNULL, "cwd": source, "env": os.environ | {"CCACHE_DISABLE": "1"}}
    subprocess.run(["cmake", "--preset", "release", f"-DCMAKE_CXX_COMPILER={compiler}"], **quiet)
    subprocess.run(["cmake", "--build", "--preset", "release", "--target", *targets], **quiet)
    files = {name: next((source / "build" / "release").rglob(f"lib{name}.a" if name in LIBRARIES else f"piictl/{name}")) for name in targets}
    return {name: hashlib.sha256(file.read_bytes()).hexdigest() for name, file in files.items()}


def main():
    source, compiler = pathlib.Path(sys.argv[1]), sys.argv[2]
    with tempfile.TemporaryDirectory() as folder:
        # With .git, because the program names its commit.
        copy = pathlib.Path(folder) / "a longer path" / "than the checkout's"
        shutil.copytree(source, copy, ignore=shutil.ignore_patterns("build", "__pycache__"))
        digests = [build(source, compiler), build(copy, compiler)]
    print("\n".join(map(str, digests)))
    return 0 if digests[0] == digests[1] else 1


if __name__ == "__main__":
    sys.exit(main())

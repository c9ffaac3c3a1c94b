"""Runs README.md's first screen block by block: shell with the built piictl, C++ and CMake against the installed package.

Blocks up to the first heading named "More" count; each has a language, and none may be left out.
"""

import os
import pathlib
import re
import subprocess
import sys
import tempfile


def first_screen(readme):
    text = readme.read_text(encoding="utf-8").split("\n## More", 1)[0]
    return re.findall(r"^```(\w*)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def run(command, **options):
    print("+", command if isinstance(command, str) else " ".join(map(str, command)), flush=True)
    done = subprocess.run(command, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **options)
    print(done.stdout, flush=True)
    if done.returncode != 0:
        sys.exit(f"ended with {done.returncode}")
    return done.stdout


def main():
    root, piictl, build = map(pathlib.Path, sys.argv[1:4])
    blocks = first_screen(root / "README.md")
    unknown = {language for language, _ in blocks} - {"sh", "cpp", "cmake", "text"}
    if unknown:
        sys.exit(f"blocks of a language that nothing runs: {unknown}")
    counts = {language: sum(1 for block, _ in blocks if block == language) for language in ("sh", "cpp", "cmake")}
    if 0 in counts.values():
        sys.exit(f"the first screen lacks a block: {counts}")

    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PII")}
        environment |= {"PATH": f"{piictl.parent}:{environment['PATH']}", "PIICTL_HOME": str(folder / "home")}

        for language, block in blocks:
            if language == "sh" and not block.startswith("sh tests/run.sh"):
                run(["sh", "-eu", "-c", block], cwd=root, env=environment)

        prefix, project = folder / "prefix", folder / "app"
        run(["cmake", "--install", build, "--prefix", prefix])
        project.mkdir()
        (project / "main.cpp").write_text("".join(block for language, block in blocks if language == "cpp"))
        (project / "CMakeLists.txt").write_text(
            "cmake_minimum_required(VERSION 3.25)\nproject(app LANGUAGES CXX)\n"
            + "".join(block for language, block in blocks if language == "cmake"))
        run(["cmake", "-S", project, "-B", project / "build", "-DCMAKE_BUILD_TYPE=Release", f"-DCMAKE_PREFIX_PATH={prefix}"])
        run(["cmake", "--build", project / "build"])
        exports = {"PII_ENV": "dev", "PII_TOKEN_KEYSET_PATH": str(folder / "home" / "token.json"), "PII_PROVIDER": "file"}
        printed = run([project / "build" / "app"], env=environment | exports)
        if "ptok:v1:" not in printed:
            sys.exit("the C++ program printed no token")
        by_hand = subprocess.run([piictl, "tokenize", "-f", "email"], input="ada@example.com\n", capture_output=True, text=True,
                                 check=True, env=environment | exports).stdout.strip()
        if by_hand not in printed:
            sys.exit("the C++ program and piictl do not agree on the token")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Runs the commands of docs/rotation.md as they stand there; kubectl is played by a script that fills a volume as a kubelet does."""

import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

KUBECTL = """#!/usr/bin/env python3
import json, os, pathlib, sys, time
secret = json.load(sys.stdin)
assert sys.argv[1:] == ["apply", "-f", "-"] and secret["kind"] == "Secret"
volume = pathlib.Path(os.environ["VOLUME"])
dated = volume / f"..{time.time_ns()}"
dated.mkdir(parents=True)
for name, text in secret["stringData"].items():
    (dated / name).write_text(text)
    if not (volume / name).is_symlink():
        (volume / name).symlink_to(f"..data/{name}")
(volume / "..data_tmp").symlink_to(dated.name)
(volume / "..data_tmp").rename(volume / "..data")
"""


def block_of(text, name):
    found = re.search(rf"<!-- run: {name} -->\n```sh\n(.*?)```", text, re.DOTALL)
    assert found, f"docs/rotation.md has no commands for {name}"
    return found.group(1)


def run(block, folder, piictl):
    tools = folder / "bin"
    tools.mkdir()
    (tools / "piictl").symlink_to(piictl)
    (tools / "kubectl").write_text(KUBECTL)
    (tools / "kubectl").chmod(0o755)
    environment = {"PATH": f"{tools}:{os.environ['PATH']}", "HOME": str(folder), "VOLUME": str(folder / "secrets"),
                   "ASAN_OPTIONS": "detect_leaks=0"}
    block = block.replace("/secrets/", f"{folder}/secrets/")
    done = subprocess.run(["bash", "-euo", "pipefail", "-c", block], cwd=folder, env=environment, capture_output=True, text=True,
                          timeout=120, check=False)
    print(done.stdout, done.stderr)
    assert done.returncode == 0, "the commands run"
    return done


def states(folder, piictl, name):
    done = subprocess.run([piictl, "keyset", "info", folder / name, "--json"], capture_output=True, text=True, check=True)
    return {key["kid"]: key["status"] for key in json.loads(done.stdout)["keys"]}


def main():
    piictl = pathlib.Path(sys.argv[1]).resolve()
    text = (pathlib.Path(sys.argv[2]) / "docs" / "rotation.md").read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as base:
        folder = pathlib.Path(base)
        run(block_of(text, "file"), folder, piictl)
        assert states(folder, piictl, "reveal.json") == {"rk2": "active", "rk1": "destroyed"}
        assert "penc:v1:rk2:" in (folder / "stored.txt").read_text()
    with tempfile.TemporaryDirectory() as base:
        folder = pathlib.Path(base)
        done = run(block_of(text, "kubernetes"), folder, piictl)
        assert states(folder, piictl, "secrets/token.json") == {"tk1": "retiring", "tk2": "active"}
        assert len(re.findall(r"ptok:v1:", done.stdout)) == 2, "both live tokens"
    block_of(text, "vault")  # is run with a real server: tests/integration/openbao
    return 0


if __name__ == "__main__":
    sys.exit(main())

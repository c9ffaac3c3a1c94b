"""Kills piictl at every system call with which it writes keyset files, and makes each of them fail, one run a call.

The calls are taken from a clean run under strace; strace then injects SIGKILL, or an error, into the n-th of a kind. After a kill
the keyset must load and be the old or the new one; after an error the same, with exit code 10, one error and one hint.
Exit code 77: strace cannot be used here.
"""

import collections
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

SKIP = 77
WRITING = ("openat", "open", "creat", "write", "pwrite64", "writev", "pwritev", "fsync", "fdatasync", "sync_file_range",
           "rename", "renameat", "renameat2", "link", "linkat", "symlink", "symlinkat", "unlink", "unlinkat", "chmod",
           "fchmod", "fchmodat", "chown", "fchown", "fchownat", "ftruncate", "truncate", "fallocate", "flock", "mkdir",
           "mkdirat", "copy_file_range", "sendfile")
ERRORS = ("ENOSPC", "EROFS", "EIO", "EDQUOT", "EACCES")
Point = collections.namedtuple("Point", "call number line")


class Scene:
    """A folder as a command finds it, the command, and what may be true after it was stopped anywhere."""
    calls, errors = WRITING, ERRORS

    def __init__(self, piictl, folder):
        self.piictl, self.folder = piictl, folder
        self.environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "PIICTL_HOME": str(folder / "home"),
                            "ASAN_OPTIONS": "detect_leaks=0"}

    def run(self, *arguments, wrapper=()):
        return subprocess.run([*wrapper, str(self.piictl), *arguments], cwd=self.folder, env=self.environment, check=False,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def traced(self, *options):
        return self.run(*self.command, wrapper=("strace", "-f", "-qq", "-o", self.folder.parent / "trace", *options))

    def trace(self):
        return (self.folder.parent / "trace").read_text(errors="replace")

    def info(self, path):
        done = self.run("keyset", "info", path, "--json")
        return json.loads(done.stdout) if done.returncode == 0 else done.stderr

    def loaded(self):
        """What k.json says of itself, or raises."""
        info = self.info("k.json")
        if isinstance(info, str):
            raise AssertionError(f"the keyset does not load: {info}")
        return info

    def has_previous(self):
        """Whether the revision before is kept; raises when something else is kept in its place."""
        previous = self.folder / "k.json.prev"
        if previous.exists() and previous.read_bytes() != self.old:
            raise AssertionError("what is kept as .prev is not the old file")
        return previous.exists()

    def run_again(self, *codes):
        done = self.run(*self.command)
        if done.returncode not in codes:
            raise AssertionError(f"the next run failed: {done.stderr}")

    def check_names(self, *expected):
        names = sorted(p.name for p in self.folder.iterdir())
        if names != list(expected):
            raise AssertionError(f"left behind: {names}")

    def check_private(self):
        for path in self.folder.glob("**/*"):
            if path.is_file() and path.stat().st_mode & 0o077:
                return f"{path.name} is open to others"
        return None


class Rotate(Scene):
    command = ("rotate", "k.json", "--now", "--yes", "--quiet")

    def prepare(self):
        self.run("keyset", "create", "--usage", "token", "--out", "k.json", "--digest")
        self.old = (self.folder / "k.json").read_bytes()
        (self.folder / ".k.json.piictl-0123456789abcdef").touch(0o600)  # so that clearing up is a point as well

    def verdict(self):
        """Says "old" or "new", or raises."""
        info = self.loaded()
        kids = [key["kid"] for key in info["keys"]]
        kept = self.has_previous()
        if (self.folder / "k.json").read_bytes() == self.old:
            return "old"
        if info["primary_kid"] != "tk2" or sorted(kids) != ["tk1", "tk2"] or not kept:
            raise AssertionError(f"neither the old keyset nor the new one: {kids}")
        return "new"

    def finish(self):
        """Whatever happened, the next rotation works and leaves nothing lying about."""
        self.run_again(0)
        self.check_names("k.json", "k.json.prev")


class Stage(Scene):
    """A step of a rotation: the next one is refused until readers know the key."""
    command = ("rotate", "k.json", "--quiet")

    def prepare(self):
        self.run("keyset", "create", "--usage", "reveal", "--out", "k.json")
        self.old = (self.folder / "k.json").read_bytes()
        (self.folder / ".k.json.piictl-0123456789abcdef").touch(0o600)

    def verdict(self):
        info = self.loaded()
        kept = self.has_previous()
        states = {key["kid"]: key["status"] for key in info["keys"]}
        if info["revision"] == 1 and states == {"rk1": "active"}:
            return "old"
        if info["revision"] != 2 or states != {"rk1": "active", "rk2": "staged"} or not kept:
            raise AssertionError(f"neither the old keyset nor the new one: {states}")
        return "new"

    def finish(self):
        self.run_again(0, 7)
        self.check_names("k.json", "k.json.prev")


class Destroy(Scene):
    """The end of a key: it is there whole, or nothing of it is."""
    command = ("rotate", "k.json", "--quiet")
    material = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"

    def prepare(self):
        document = {"schema_version": 2, "primary_kid": "rk2",
                    "keys": {"rk2": {"alg": "AES-256-GCM", "status": "active", "activated_at": "2090-01-01T00:00:00Z",
                                     "key_b64": "ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8"}},
                    "disabled": {"rk1": {"alg": "AES-256-GCM", "status": "destroy_scheduled",
                                         "destroy_at": "2025-01-01T00:00:00Z", "key_b64": self.material}},
                    "keyset": {"id": "ks", "revision": 7}}
        (self.folder / "k.json").touch(0o600)
        (self.folder / "k.json").write_text(json.dumps(document))
        (self.folder / ".k.json.piictl-0123456789abcdef").touch(0o600)

    def verdict(self):
        info = self.loaded()
        states = {key["kid"]: key["status"] for key in info["keys"]}
        there = self.material in (self.folder / "k.json").read_text()
        if info["revision"] == 7 and states == {"rk2": "active", "rk1": "destroy_scheduled"} and there:
            return "old"
        if info["revision"] != 8 or states != {"rk2": "active", "rk1": "destroyed"} or there:
            raise AssertionError(f"neither the old keyset nor the new one: {states}")
        return "new"

    def finish(self):
        self.run_again(0, 7)
        for path in self.folder.iterdir():
            if self.material in path.read_text():
                raise AssertionError(f"{path.name} still holds the destroyed key")
        self.check_names("k.json", "k.json.prev")


class Reseal(Scene):
    """A passphrase is changed: the file opens with the old one or with the new one, and never lies there in the clear."""
    command = ("keyset", "seal", "k.json", "--passphrase-file", "../old", "--new-passphrase-file", "../new", "--quiet")
    # Deriving keys takes long, and errors of these calls are what the other scenes meet in the same writer.
    calls, errors = ("rename", "renameat", "renameat2", "fsync"), ()

    def prepare(self):
        for name, text in (("old", "correct horse battery\n"), ("new", "another one entirely\n")):
            (self.folder.parent / name).write_text(text)
        self.run("keyset", "create", "--usage", "reveal", "--out", "k.json")
        self.run("keyset", "seal", "k.json", "--passphrase-file", "../old", "--opslimit", "2", "--memlimit", "64")
        (self.folder / "k.json.prev").unlink()
        (self.folder / ".k.json.piictl-0123456789abcdef").touch(0o600)
        self.old = (self.folder / "k.json").read_bytes()

    def opens(self, name):
        return self.run("keyset", "info", "k.json", "--passphrase-file", f"../{name}").returncode == 0

    def verdict(self):
        for path in self.folder.iterdir():
            if b"key_b64" in path.read_bytes():
                raise AssertionError(f"{path.name} is in the clear")
        if (self.folder / "k.json").read_bytes() == self.old:
            return "old"
        if not self.opens("new") or self.opens("old"):
            raise AssertionError("the file opens with neither passphrase, or still with the old one")
        return "new"

    def finish(self):
        if (self.folder / "k.json").read_bytes() == self.old:
            self.run_again(0)
            if not self.opens("new"):
                raise AssertionError("the next run did not change the passphrase")
        else:
            self.run_again(6)  # the old passphrase opens it no more
        self.check_names("k.json", "k.json.prev")


class Create(Scene):
    command = ("keyset", "create", "--usage", "reveal", "--out", "k.json", "--quiet")

    def prepare(self):
        (self.folder / ".k.json.piictl-0123456789abcdef").touch(0o600)

    def verdict(self):
        if not (self.folder / "k.json").exists():
            return "old"
        self.loaded()
        return "new"

    def finish(self):
        self.run_again(0, 7)
        self.check_names("k.json")


class Init(Scene):
    command = ("init", "--quiet")
    files = ("token.json", "reveal.json", "config.json")

    def prepare(self):
        pass

    def verdict(self):
        there = [name for name in self.files if (self.folder / "home" / name).exists()]
        for name in there:
            if name != "config.json" and isinstance(self.info(f"home/{name}"), str):
                raise AssertionError(f"{name} does not load")
        if there != list(self.files[:len(there)]):
            raise AssertionError(f"config.json does not come last: {there}")
        if len(there) == len(self.files):
            json.loads((self.folder / "home" / "config.json").read_text())
            return "new"
        return "old"

    def finish(self):
        self.run_again(0, 7)


SCENES = {"rotate": Rotate, "stage": Stage, "destroy": Destroy, "reseal": Reseal, "create": Create, "init": Init}


def points_of(trace):
    """Every writing call of a clean run, numbered as strace counts: by kind, from 1."""
    seen = collections.Counter()
    points = []
    for line in trace.splitlines():
        match = re.match(r"(?:\d+ +)?(\w+)\(", line)
        if not match or match[1] not in WRITING:
            continue
        seen[match[1]] += 1
        reads = match[1] in ("openat", "open") and not re.search(r"O_(WRONLY|RDWR|CREAT|TRUNC)", line)
        # What is printed, and the pipe with which a sanitizer probes memory, are no files.
        prints = match[1] in ("write", "writev") and re.search(r"write\w*\(([12]<|\d+<pipe:)", line)
        if not reads and not prints:
            points.append(Point(match[1], seen[match[1]], line))
    return points


def with_scene(kind, piictl, action):
    with tempfile.TemporaryDirectory() as base:
        folder = pathlib.Path(base) / "work"
        folder.mkdir(mode=0o700)
        scene = SCENES[kind](piictl, folder)
        scene.prepare()
        return action(scene)


def inject(point, what):
    def action(scene):
        done = scene.traced("-e", f"trace={point.call}", "-e", f"inject={point.call}:{what}:when={point.number}")
        verdict = scene.verdict()
        if open_to := scene.check_private():
            raise AssertionError(open_to)
        scene.finish()
        return done, verdict
    return action


def check_error(point, done, verdict):
    if done.returncode == 0:
        if point.call not in ("unlinkat", "unlink") or verdict != "new":
            raise AssertionError(f"exit code 0 and the {verdict} one, although the call failed")
        return
    errors, hints = re.findall(r"^error: ", done.stderr, re.M), re.findall(r"^hint: ", done.stderr, re.M)
    if done.returncode != 10 or len(errors) != 1 or len(hints) != 1:
        raise AssertionError(f"exit code {done.returncode}: {done.stderr!r}")
    if (verdict == "new") != ("replaced, but the folder could not be synced" in done.stderr):
        raise AssertionError(f"the {verdict} one, and the message is {done.stderr!r}")


def main():
    piictl, kind = pathlib.Path(sys.argv[1]).resolve(), sys.argv[2]
    if shutil.which("strace") is None or subprocess.run(["strace", "-o", "/dev/null", "true"], check=False,
                                                        stderr=subprocess.DEVNULL).returncode != 0:
        print("skipped: strace cannot trace here")
        return SKIP

    def clean(scene):
        done = scene.traced("-y", "-e", "trace=" + ",".join(f"?{call}" for call in WRITING))
        if done.returncode != 0 or scene.verdict() != "new":
            raise AssertionError(f"the clean run failed: {done.stderr}")
        return points_of(scene.trace())

    points = with_scene(kind, piictl, clean)
    needed = {"openat", "write", "fsync", "flock"}
    if not points or not needed <= {point.call for point in points}:
        print(f"FAIL: these are not the calls of a write: {points}")
        return 1
    counts = collections.Counter()
    failed = 0
    scene_type = SCENES[kind]
    points = [point for point in points if point.call in scene_type.calls]
    for point in points:
        for what in ("signal=KILL", *(f"error={error}" for error in scene_type.errors)):
            try:
                done, verdict = with_scene(kind, piictl, inject(point, what))
                if what == "signal=KILL":
                    if done.returncode not in (-9, 137):
                        raise AssertionError(f"was not killed but ended with {done.returncode}")
                    counts[f"killed, {verdict} one"] += 1
                else:
                    check_error(point, done, verdict)
                    counts[f"error, {verdict} one"] += 1
            except AssertionError as problem:
                failed += 1
                print(f"FAIL {kind} {what} at {point.call} #{point.number} ({point.line[:160]}): {problem}")
    print(f"{kind}: {len(points)} writing calls; " + ", ".join(f"{n} {what}" for what, n in sorted(counts.items())))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

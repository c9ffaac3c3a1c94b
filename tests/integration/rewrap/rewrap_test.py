"""rewrap and retokenize with --checkpoint, stopped and gone on with.

resume  a run that is fed slowly is killed after a checkpoint, in every format; the second run goes on at most a second before,
        and the output is what an undisturbed run makes.
crash   strace kills a run at every call with which it writes, and makes each of them fail; the next run finishes it.
Exit code 77: strace cannot be used here.
"""

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time

SKIP = 77
ROWS = 4000
WRITING = ("openat", "write", "pwrite64", "writev", "fsync", "fdatasync", "rename", "renameat", "unlink", "unlinkat",
           "fchmod", "ftruncate", "flock")
ERRORS = ("ENOSPC", "EIO")


class Formats:
    """The same values in every format, and how to get them back."""

    flags = {"lines": [], "csv": ["--format", "csv", "--column", "email"], "ndjson": ["--format", "ndjson", "--path", "email"]}

    @staticmethod
    def write(kind, texts):
        if kind == "lines":
            return "".join(text + "\n" for text in texts)
        if kind == "csv":
            return "\ufeffid,email,note\r\n" + "".join(f'{i},{text},"a\n""b"""\r\n' for i, text in enumerate(texts))
        return "".join(json.dumps({"id": i, "email": text}) + "\n" for i, text in enumerate(texts))


class Scene:
    def __init__(self, piictl, keysets, folder):
        self.piictl, self.keysets, self.folder = piictl, keysets, folder
        self.environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "PII_ENV": "dev", "PII_ACCESS": "full",
                            "ASAN_OPTIONS": "detect_leaks=0"}

    def run(self, arguments, reveal, stdin=None, stdout=subprocess.PIPE, wrapper=()):
        command = [*wrapper, str(self.piictl), *arguments, "--reveal-keyset", str(self.keysets / reveal), "--token-keyset",
                   str(self.keysets / "token-v2.json")]
        return subprocess.run(command, cwd=self.folder, env=self.environment, check=False, input=stdin, stdout=stdout,
                              stderr=subprocess.PIPE)

    def good(self, *arguments, **more):
        done = self.run(*arguments, **more)
        if done.returncode != 0:
            raise AssertionError(f"{arguments}: exit code {done.returncode}: {done.stderr.decode()}")
        return done.stdout

    def make(self, kind, name, count):
        """A file of ciphertexts: half of them under each key of version 1."""
        values = [f"person{i}@example.com" for i in range(count)]
        plain = "".join(value + "\n" for value in values).encode()
        texts = {key: self.good(["protect", "-f", "email"], f"{key}.json", stdin=plain).decode().split("\n")
                 for key in ("reveal", "reveal-two")}
        mixed = [texts["reveal-two" if i % 2 else "reveal"][i] for i in range(count)]
        (self.folder / name).write_text(Formats.write(kind, mixed), newline="")
        return Formats.write(kind, values)

    def reveal(self, kind, name):
        return self.good(["reveal", "-f", "email", *Formats.flags[kind], "--in", name], "reveal-v2.json").decode()

    def checkpoint(self, name):
        try:
            return json.loads((self.folder / name).read_text())
        except FileNotFoundError:
            return None


def by_kid(rows):
    return {(row["kind"], row["version"], row["kid"]): row["count"] for row in rows}


def check_counts(saved, count):
    if not saved["done"] or saved["rows"] != count or saved["failed"] != 0:
        raise AssertionError(f"not done or rows failed: {saved}")
    if sum(by_kid(saved["before"]).values()) != count or by_kid(saved["after"]) != {("ciphertext", 2, "enc1"): count}:
        raise AssertionError(f"counts: {saved['before']} {saved['after']}")


def feed(process, data, seconds, stop):
    """Writes `data` evenly in so many seconds."""
    pieces = 100
    size = len(data) // pieces + 1
    try:
        for i in range(0, len(data), size):
            piece = data[i : i + size]
            while piece:
                piece = piece[process.stdin.write(piece) :]
            if stop.wait(seconds / pieces):
                break
    except BrokenPipeError:
        pass
    process.stdin.close()


def resume(scene, kind):
    expected = scene.make(kind, f"{kind}.in", ROWS)
    data = (scene.folder / f"{kind}.in").read_bytes()
    command = [str(scene.piictl), "rewrap", "-f", "email", *Formats.flags[kind], "--checkpoint", f"{kind}.cp", "--quiet",
               "--reveal-keyset", str(scene.keysets / "reveal-v2.json")]
    stop = threading.Event()
    with open(scene.folder / f"{kind}.out", "ab") as out, subprocess.Popen(
            command, cwd=scene.folder, env=scene.environment, stdin=subprocess.PIPE, stdout=out,
            stderr=subprocess.DEVNULL, bufsize=0) as process:
        feeder = threading.Thread(target=feed, args=(process, data, 3.0, stop))
        feeder.start()
        deadline = time.monotonic() + 20
        while (scene.checkpoint(f"{kind}.cp") or {"rows": 0})["rows"] == 0:
            if time.monotonic() > deadline:
                raise AssertionError("no checkpoint comes")
            time.sleep(0.01)
        time.sleep(0.7)
        process.kill()
        process.wait()
        stop.set()
        feeder.join()
    saved = scene.checkpoint(f"{kind}.cp")
    written = (scene.folder / f"{kind}.out").stat().st_size
    if saved["done"] or not 0 < saved["rows"] < ROWS or saved["bytes_out"] > written:
        raise AssertionError(f"the checkpoint is not of the middle: {saved}")
    if written - saved["bytes_out"] > 0.6 * len(data):
        raise AssertionError("more than a second's work behind")
    # From the pipe again for one format, from the file otherwise refused: it is another input.
    with open(scene.folder / f"{kind}.out", "ab") as out:
        refused = scene.run(["rewrap", "-f", "email", *Formats.flags[kind], "--checkpoint", f"{kind}.cp", "--in", f"{kind}.in"],
                            "reveal-v2.json", stdout=out)
        if refused.returncode != 7:
            raise AssertionError(f"another input was taken: {refused.returncode}")
        scene.good(["rewrap", "-f", "email", *Formats.flags[kind], "--checkpoint", f"{kind}.cp", "--quiet"], "reveal-v2.json",
                   stdin=data, stdout=out)
    check_counts(scene.checkpoint(f"{kind}.cp"), ROWS)
    if scene.reveal(kind, f"{kind}.out") != expected:
        raise AssertionError("the output reveals to something else")
    # A run that is done does nothing.
    size = (scene.folder / f"{kind}.out").stat().st_size
    with open(scene.folder / f"{kind}.out", "ab") as out:
        scene.good(["rewrap", "-f", "email", *Formats.flags[kind], "--checkpoint", f"{kind}.cp", "--quiet"], "reveal-v2.json",
                   stdin=data, stdout=out)
    if (scene.folder / f"{kind}.out").stat().st_size != size:
        raise AssertionError("a run that is done wrote more")


class Crash:
    """One small run under strace; every call that writes is a point to stop at."""

    arguments = ["rewrap", "-f", "email", "--checkpoint", "cp", "--in", "in", "--threads", "1", "--rejects", "rejects"]

    def __init__(self, scene):
        self.scene = scene
        self.expected = scene.make("lines", "in", 50) + ""
        with open(scene.folder / "in", "a") as file:
            file.write("no ciphertext\n")

    def once(self, *strace):
        for name in ("cp", "out", "rejects"):
            (self.scene.folder / name).unlink(missing_ok=True)
        with open(self.scene.folder / "out", "ab") as out:
            return self.scene.run(self.arguments, "reveal-v2.json", stdout=out,
                                  wrapper=("strace", "-f", "-qq", "-y", "-o", str(self.scene.folder.parent / "trace"), *strace))

    def points(self):
        done = self.once("-e", "trace=" + ",".join("?" + call for call in WRITING))
        if done.returncode != 9:
            raise AssertionError(f"the clean run: {done.returncode} {done.stderr.decode()}")
        seen, points = {}, []
        for line in (self.scene.folder.parent / "trace").read_text(errors="replace").splitlines():
            match = re.match(r"(?:\d+ +)?(\w+)\(", line)
            if not match or match[1] not in WRITING:
                continue
            seen[match[1]] = seen.get(match[1], 0) + 1
            reads = match[1] == "openat" and not re.search(r"O_(WRONLY|RDWR|CREAT|TRUNC)", line)
            if not reads and not re.search(r"write\w*\(2<", line):
                points.append((match[1], seen[match[1]], line))
        return points

    def finish(self, where):
        with open(self.scene.folder / "out", "ab") as out:
            done = self.scene.run(self.arguments, "reveal-v2.json", stdout=out)
        saved = self.scene.checkpoint("cp")
        # Killed behind its last checkpoint it is done, and says so.
        if done.returncode not in (0, 9) or not saved["done"] or saved["rows"] != 51 or saved["failed"] != 1:
            raise AssertionError(f"{where}: {done.returncode} {done.stderr.decode()} {saved}")
        if by_kid(saved["after"]) != {("ciphertext", 2, "enc1"): 50} or sum(by_kid(saved["before"]).values()) != 50:
            raise AssertionError(f"{where}: counts {saved}")
        if (self.scene.folder / "rejects").read_text().count("no ciphertext") != 1:
            raise AssertionError(f"{where}: the rejected row is not kept once")
        if self.scene.reveal("lines", "out") != self.expected + "\n":
            raise AssertionError(f"{where}: the output reveals to something else")


def crash(scene):
    run = Crash(scene)
    points = run.points()
    calls = {point[0] for point in points}
    if not {"write", "fsync", "fdatasync", "rename"} <= calls:
        raise AssertionError(f"these are not the calls of a run: {sorted(calls)}")
    for call, number, line in points:
        done = run.once("-e", f"trace={call}", "-e", f"inject={call}:signal=KILL:when={number}")
        if done.returncode not in (-9, 137):
            raise AssertionError(f"not killed at {line[:120]}: {done.returncode}")
        run.finish(f"killed at {line[:120]}")
        for error in ERRORS:
            done = run.once("-e", f"trace={call}", "-e", f"inject={call}:error={error}:when={number}")
            if done.returncode == 9:
                continue  # of no consequence
            if len(re.findall(rb"^error: ", done.stderr, re.M)) != 1:
                raise AssertionError(f"{error} at {line[:120]}: {done.returncode} {done.stderr.decode()}")
            run.finish(f"{error} at {line[:120]}")
    print(f"{len(points)} writing calls")


def main():
    piictl, keysets, part = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve(), sys.argv[3]
    with tempfile.TemporaryDirectory() as base:
        folder = pathlib.Path(base) / "work"
        folder.mkdir(mode=0o700)
        scene = Scene(piictl, keysets, folder)
        if part == "crash":
            if shutil.which("strace") is None or subprocess.run(["strace", "-o", "/dev/null", "true"], check=False,
                                                                stderr=subprocess.DEVNULL).returncode != 0:
                print("skipped: strace cannot trace here")
                return SKIP
            crash(scene)
            return 0
        problems = []

        def one(kind):
            try:
                resume(scene, kind)
            except BaseException as problem:  # told below, from the main thread
                problems.append(f"{kind}: {problem!r}")

        threads = [threading.Thread(target=one, args=(kind,)) for kind in Formats.flags]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        print("\n".join(problems) or "every format is gone on with")
        return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())

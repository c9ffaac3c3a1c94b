"""rewrap and retokenize with --checkpoint, stopped and gone on with.

resume  a run that is fed slowly is killed after a checkpoint, in every format, and of rows with ciphertexts of both versions that
        are bound to their records, by rewrap and by retokenize; the second run goes on at most a second before, and the output is
        what an undisturbed run makes.
crash   strace kills a run at every call with which it writes, and makes each of them fail; the next run finishes it.
memory  ten times the rows take no more memory, and every one is counted; with PII_SLOW_TESTS=1 ten million rows.
Exit code 77: strace cannot be used here.
"""

import json
import os
import pathlib
import pty
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

    flags = {"lines": [], "csv": ["--format", "csv", "--column", "email"], "ndjson": ["--format", "ndjson", "--path", "email"],
             "records": ["--format", "csv", "--column", "email", "--record-column", "id"]}

    @staticmethod
    def write(kind, texts):
        if kind == "lines":
            return "".join(text + "\n" for text in texts)
        if kind in ("csv", "records"):
            return "\ufeffid,email,note\r\n" + "".join(f'{i},{text},"a\n""b"""\r\n' for i, text in enumerate(texts))
        return "".join(json.dumps({"id": i, "email": text}) + "\n" for i, text in enumerate(texts))


class Scene:
    def __init__(self, piictl, keysets, folder):
        self.piictl, self.keysets, self.folder = piictl, keysets, folder
        self.environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "PII_ENV": "dev", "PII_ACCESS": "full",
                            "ASAN_OPTIONS": "detect_leaks=0"}

    def named(self, reveal):
        return ["--reveal-keyset", str(self.keysets / reveal), "--token-keyset", str(self.keysets / "token-v2.json")]

    def run(self, arguments, reveal, stdin=None, stdout=subprocess.PIPE, wrapper=()):
        command = [*wrapper, str(self.piictl), *arguments, *self.named(reveal)]
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
        if kind == "records":
            return self.make_records(name, values)
        plain = "".join(value + "\n" for value in values).encode()
        texts = {key: self.good(["protect", "-f", "email"], f"{key}.json", stdin=plain).decode().split("\n")
                 for key in ("reveal", "reveal-two")}
        mixed = [texts["reveal-two" if i % 2 else "reveal"][i] for i in range(count)]
        (self.folder / name).write_text(Formats.write(kind, mixed), newline="")
        return Formats.write(kind, values)

    def make_records(self, name, values):
        """Ciphertexts of version 1, which bind no record, beside such of version 2 under an older key, which do."""
        flags, plain = Formats.flags["records"], Formats.write("records", values)
        bound = self.good(["protect", *flags], "reveal-v2.json", stdin=plain.encode())
        bound = self.good(["rewrap", *flags, "--to", "enc0", "--quiet"], "reveal-v2.json", stdin=bound).decode()
        unbound = self.good(["protect", *Formats.flags["csv"]], "reveal.json", stdin=plain.encode()).decode()
        rows = list(zip(*(re.findall(r"penc:[\w:-]+", text) for text in (bound, unbound))))
        (self.folder / name).write_text(Formats.write("records", [row[i % 2] for i, row in enumerate(rows)]), newline="")
        return plain

    def reveal(self, kind, name):
        return self.good(["reveal", "-f", "email", *Formats.flags[kind], "--in", name], "reveal-v2.json").decode()

    def checkpoint(self, name):
        try:
            return json.loads((self.folder / name).read_text())
        except FileNotFoundError:
            return None


def by_kid(rows):
    return {(row["kind"], row["version"], row["kid"]): row["count"] for row in rows}


def check_counts(saved, count, made):
    if not saved["done"] or saved["rows"] != count or saved["failed"] != 0:
        raise AssertionError(f"not done or rows failed: {saved}")
    if sum(by_kid(saved["before"]).values()) != count or by_kid(saved["after"]) != {made: count}:
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


def resume(scene, command, kind):
    name = f"{command}.{kind}"
    expected = scene.make(kind, f"{name}.in", ROWS)
    data = (scene.folder / f"{name}.in").read_bytes()
    arguments = [command, "-f", "email", *Formats.flags[kind], "--checkpoint", f"{name}.cp", "--quiet"]
    stop = threading.Event()
    # People see on their terminal how far it is.
    terminal, shown = pty.openpty()
    with open(scene.folder / f"{name}.out", "ab") as out, subprocess.Popen(
            [str(scene.piictl), *arguments[:-1], *scene.named("reveal-v2.json")], cwd=scene.folder, env=scene.environment,
            stdin=subprocess.PIPE, stdout=out, stderr=shown, bufsize=0) as process:
        os.close(shown)
        feeder = threading.Thread(target=feed, args=(process, data, 3.0, stop))
        feeder.start()
        deadline = time.monotonic() + 20
        while (scene.checkpoint(f"{name}.cp") or {"rows": 0})["rows"] == 0:
            if time.monotonic() > deadline:
                raise AssertionError("no checkpoint comes")
            time.sleep(0.01)
        time.sleep(0.7)
        process.kill()
        process.wait()
        stop.set()
        feeder.join()
    said = os.read(terminal, 1 << 16).decode()
    os.close(terminal)
    if not re.search(r"[\d.]+ k?B  \d+ rows  [\d.]+ k?B/s", said):
        raise AssertionError(f"no progress was shown: {said!r}")
    saved = scene.checkpoint(f"{name}.cp")
    written = (scene.folder / f"{name}.out").stat().st_size
    if saved["done"] or not 0 < saved["rows"] < ROWS or saved["bytes_out"] > written:
        raise AssertionError(f"the checkpoint is not of the middle: {saved}")
    if written - saved["bytes_out"] > 0.6 * len(data):
        raise AssertionError("more than a second's work behind")
    # From the pipe again; from the file it is another input, and bound to other records it is another run.
    with open(scene.folder / f"{name}.out", "ab") as out:
        unbound = [command, "-f", "email", *Formats.flags["csv"], "--checkpoint", f"{name}.cp", "--quiet"]
        for other in [[*arguments, "--in", f"{name}.in"]] + ([unbound] if kind == "records" else []):
            refused = scene.run(other, "reveal-v2.json", stdin=data if other is unbound else None, stdout=out)
            if refused.returncode != 7:
                raise AssertionError(f"another run was taken: {other} {refused.returncode}")
        scene.good(arguments, "reveal-v2.json", stdin=data, stdout=out)
    made = ("ciphertext", 2, "enc1") if command == "rewrap" else ("token", 2, "tok1")
    check_counts(scene.checkpoint(f"{name}.cp"), ROWS, made)
    if command == "retokenize":
        expected = scene.good(["tokenize", "-f", "email", *Formats.flags["csv"]], "reveal-v2.json", stdin=expected.encode()).decode()
        found = (scene.folder / f"{name}.out").read_bytes().decode()
    else:
        found = scene.reveal(kind, f"{name}.out")
    if found != expected:
        raise AssertionError("the output is not what an undisturbed run makes")
    # A run that is done does nothing.
    size = (scene.folder / f"{name}.out").stat().st_size
    with open(scene.folder / f"{name}.out", "ab") as out:
        scene.good(arguments, "reveal-v2.json", stdin=data, stdout=out)
    if (scene.folder / f"{name}.out").stat().st_size != size:
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


def memory(scene):
    """The peak of a run of few rows beside that of a run of many: a checkpoint is kept, and what fails is told of."""
    many = 10_000_000 if os.environ.get("PII_SLOW_TESTS") else 300_000
    scene.make("lines", "some", 10_000)
    block = (scene.folder / "some").read_bytes()
    peaks = {}
    for rows in (30_000, many):
        with open(scene.folder / "in", "wb") as file:
            for _ in range(rows // 10_000):
                file.write(block)
        for name in ("cp", "out"):
            (scene.folder / name).unlink(missing_ok=True)
        with open(scene.folder / "out", "ab") as out:
            process = subprocess.Popen([str(scene.piictl), "rewrap", "-f", "email", "--in", "in", "--checkpoint", "cp", "--threads", "2",
                                        "--quiet", *scene.named("reveal-v2.json")], cwd=scene.folder, env=scene.environment, stdout=out)
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            raise AssertionError(f"exit code {process.returncode}")
        check_counts(scene.checkpoint("cp"), rows, ("ciphertext", 2, "enc1"))
        with open(scene.folder / "out", "rb") as file:
            if sum(piece.count(b"\n") for piece in iter(lambda: file.read(1 << 20), b"")) != rows:
                raise AssertionError("rows were lost or written twice")
        peaks[rows] = usage.ru_maxrss // 1024
    print(", ".join(f"{rows} rows: {peak} MiB" for rows, peak in peaks.items()))
    if peaks[many] > peaks[30_000] + 8:
        raise AssertionError("memory grows with the rows")


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
        if part == "memory":
            memory(scene)
            return 0
        problems = []

        def one(command, kind):
            try:
                resume(scene, command, kind)
            except BaseException as problem:  # told below, from the main thread
                problems.append(f"{command} {kind}: {problem!r}")

        runs = [("rewrap", kind) for kind in Formats.flags] + [("retokenize", "records")]
        threads = [threading.Thread(target=one, args=run) for run in runs]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        print("\n".join(problems) or "every format is gone on with")
        return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())

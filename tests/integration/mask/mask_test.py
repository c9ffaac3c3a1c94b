"""piictl mask as a part of pipelines: it answers while its input pauses, and whenever it ends, it leaves whole lines.

Every output line must be JSON and none may hold the canary address.    usage: mask_test.py PIICTL [sanitized]
"""

import json
import os
import pathlib
import random
import resource
import select
import signal
import subprocess
import sys
import tempfile
import threading
import time

CANARY = "canary.person"
EVENT = '{"n":%d,"message":"mail to canary.person@example.com","user":{"email":"canary.person@example.com"},"pad":"%s"}\n'


class Failure(Exception):
    pass


def check(condition, message):
    if not condition:
        raise Failure(message)


def event(number):
    return (EVENT % (number, "x" * (number * 7 % 400))).encode()


class Scene:
    sanitized = len(sys.argv) > 2  # a sanitizer's memory is no measure

    def __init__(self, piictl, folder):
        self.piictl, self.folder = str(piictl), folder
        self.environment = {name: value for name, value in os.environ.items() if not name.startswith("PII")}
        self.environment |= {"HOME": str(folder), "PIICTL_HOME": str(folder / "home")}

    def start(self, *arguments, **streams):
        return subprocess.Popen([self.piictl, "mask", *arguments], env=self.environment, cwd=self.folder, **streams)

    def write_events(self, name, count):
        with open(self.folder / name, "wb") as out:
            for number in range(count):
                out.write(event(number))
        return self.folder / name


def check_whole(output, what):
    """Whole lines, in order from the first, nothing left out."""
    check(output == b"" or output.endswith(b"\n"), f"{what}: the output ends with a part of a line: {output[-200:]!r}")
    check(CANARY.encode() not in output, f"{what}: a value came through")
    for number, line in enumerate(output.splitlines()):
        check(json.loads(line)["n"] == number, f"{what}: line {number + 1} is another one")
    return output.count(b"\n")


def test_live(scene):
    """An event is answered before the next one is sent, also when it comes in two parts."""
    process = scene.start("--quiet", stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    for number in range(5):
        line = event(number)
        process.stdin.write(line[:20])
        process.stdin.flush()
        time.sleep(0.05)
        process.stdin.write(line[20:])
        process.stdin.flush()
        answered = []
        reader = threading.Thread(target=lambda: answered.append(process.stdout.readline()))
        reader.start()
        reader.join(20)
        check(answered, f"event {number} was not answered within 20 s while the input paused")
        check(json.loads(answered[0])["n"] == number and CANARY.encode() not in answered[0], "another event came back")
    process.stdin.close()
    check(process.wait(20) == 0, "the run failed")


class Pipe:
    """A run that is asked line by line."""

    def __init__(self, scene, *arguments):
        self.process = scene.start(*arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def ask(self, line):
        self.process.stdin.write(line)
        self.process.stdin.flush()
        ready, _, _ = select.select([self.process.stdout], [], [], 20)
        check(ready, f"no answer within 20 s to {line!r}")
        return self.process.stdout.readline()

    def end(self):
        self.process.stdin.close()
        told = self.process.stderr.read().decode()
        check(self.process.wait(20) == 0, f"the run failed: {told}")
        return told


def test_policy_reload(scene):
    """A policy file that changes is in force from the next line on; one that is refused leaves the last good one, told once."""
    policy = scene.folder / "policy.yaml"
    line = b'{"email":"canary.person@example.com"}\n'

    def write(text, mode=0o600):
        beside = scene.folder / "policy.next"
        beside.write_text(text)
        beside.chmod(mode)
        beside.replace(policy)
        time.sleep(0.3)  # it is looked at five times a second

    def rules(label):
        return 'version: 1\ndetectors: { email: { action: { type: redact, text: "[%s]" } } }\n' % label

    def expect(label):
        for _ in range(2):
            answer = pipe.ask(line)
            check(json.loads(answer) == {"email": f"[{label}]"}, f"[{label}] should stand in {answer!r}")

    write(rules("FIRST"))
    pipe = Pipe(scene, "--policy", str(policy))
    expect("FIRST")
    write(rules("SECOND"))
    expect("SECOND")
    write("version: 1\nmask_everything: true\n")
    expect("SECOND")
    write(rules("OPEN"), 0o666)
    expect("SECOND")
    policy.unlink()
    time.sleep(0.3)
    expect("SECOND")
    write(rules("THIRD"))
    expect("THIRD")
    told = pipe.end()
    check(told.count("warning: ") == 3 and told.count("is refused") == 3, f"three are refused, each told once: {told}")
    check(told.count("new policy is in force") == 2 and "12 values in 12 events" in told, f"two are taken: {told}")
    check(CANARY not in told, "a value on standard error")


def test_policy_reload_of_limits(scene):
    """--max-line holds under every policy, and what encrypts without a reveal keyset opened redacts."""
    policy = scene.folder / "policy.yaml"
    policy.write_text("version: 1\n")
    pipe = Pipe(scene, "--policy", str(policy), "--max-line", "2000", "--json")
    long_line = b'{"message":"%s"}\n' % (b"x " * 1500)
    check(b"line_too_long" in pipe.ask(long_line), "a long line under the first policy")
    policy.write_text("version: 1\ndetectors: { email: { action: encrypt } }\n")
    time.sleep(0.3)
    check(b"line_too_long" in pipe.ask(long_line), "a long line under the second policy")
    check(pipe.ask(b'{"email":"canary.person@example.com"}\n') == b'{"email":"[PII_REDACTED]"}\n', "no reveal keyset")
    counts = json.loads(pipe.end())
    check(counts["events"] == 3 and counts["too_long"] == 2 and counts["redacted_without_key"] == 1, f"counts: {counts}")


def test_kill(scene):
    """Killed at any moment, with a reader that is slow or quick: what came out of the pipe are whole lines."""
    path = scene.write_events("kill.ndjson", 60000)
    generator = random.Random(5)
    for round_number in range(24):
        kill = (signal.SIGKILL, signal.SIGTERM, signal.SIGINT)[round_number % 3]
        process = scene.start("--quiet", str(path), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        output = b""
        stop_after = generator.randrange(1, 4_000_000)
        while len(output) < stop_after:
            part = os.read(process.stdout.fileno(), generator.choice((512, 4096, 65536)))
            if not part:
                break
            output += part
        process.send_signal(kill)
        output += process.stdout.read()
        process.stderr.read()
        code = process.wait(20)
        lines = check_whole(output, f"after {kill.name}")
        check(code in (-kill, 130, 0), f"after {kill.name} it ended with {code}")
        check(lines > 0 or kill == signal.SIGKILL or code == 0, f"after {kill.name}: no line at all")


def test_stop_to_file(scene):
    """Stopped while it writes a file: whole lines, and the number that it tells."""
    path = scene.write_events("stop.ndjson", 200000)
    for delay in (0.01, 0.05, 0.1):
        target = scene.folder / "out.ndjson"
        with open(target, "wb") as out:
            process = scene.start(str(path), stdout=out, stderr=subprocess.PIPE)
            time.sleep(delay)
            process.send_signal(signal.SIGINT)
            told = process.stderr.read().decode()
            code = process.wait(20)
        if code == -signal.SIGINT:  # before it had begun
            continue
        lines = check_whole(target.read_bytes(), "after SIGINT")
        check(code in (0, 130), f"it ended with {code}")
        if code == 130:
            check(f"error: interrupted after {lines} line" in told, f"{lines} lines were written, but: {told}")


def test_slow_reader(scene):
    """A reader that takes its time gets everything, and memory does not grow while it does."""
    path = scene.write_events("slow.ndjson", 3000)
    process = scene.start("--quiet", str(path), stdout=subprocess.PIPE)
    output = b""
    while part := os.read(process.stdout.fileno(), 20000):
        output += part
        time.sleep(0.005)
    check(process.wait(20) == 0, "the run failed")
    check(check_whole(output, "to a slow reader") == 3000, "lines are missing")


def test_closed_pipe(scene):
    """A reader that goes away ends the run with exit code 10, one error and one hint."""
    path = scene.write_events("closed.ndjson", 50000)
    process = scene.start("--quiet", str(path), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    head = process.stdout.readline()
    process.stdout.close()
    told = process.stderr.read().decode()
    check(process.wait(20) == 10, "exit code of a closed pipe")
    check(told.count("error: ") == 1 and told.count("hint: ") == 1 and CANARY not in told, f"told: {told}")
    check_whole(head, "before the pipe closed")


def high_water(process):
    """Peak memory in MiB, of the program alone: what wait4 tells is also of the process it was forked from."""
    peak = 0
    while process.poll() is None:
        try:
            status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
        except OSError:
            break
        peak = max([peak, *(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM"))])
        time.sleep(0.01)
    return peak / 1024


def peak_of(scene, *arguments, feed=None):
    """Peak memory and output of a run that must succeed."""
    process = scene.start("--quiet", *arguments, stdin=subprocess.PIPE if feed else None, stdout=subprocess.PIPE)
    output, peak = [], []
    reader = threading.Thread(target=lambda: output.append(process.stdout.read()))
    watcher = threading.Thread(target=lambda: peak.append(high_water(process)))
    reader.start()
    watcher.start()
    for part in feed or []:
        process.stdin.write(part)
    if feed:
        process.stdin.close()
    reader.join()
    watcher.join()
    check(process.wait(20) == 0, "the run failed")
    return peak[0], output[0]


def test_long_line(scene):
    """A line of 100 MB is one placeholder and no memory."""
    count = 100
    peak, output = peak_of(scene, feed=[b'{"n":0}\n', b'{"message":"' + b"canary.person@example.com " * 1000,
                                        *([b"x" * (1 << 20)] * count), b'"}\n', b'{"n":2}\n'])
    lines = output.splitlines()
    check(len(lines) == 3 and lines[0] == b'{"n":0}' and lines[2] == b'{"n":2}', "the lines around are not as they were")
    placeholder = json.loads(lines[1])
    check(placeholder == {"message": "[PII_REDACTED]", "pii": {"masked": "line_too_long",
                                                               "bytes": 12 + 26000 + (count << 20) + 2}}, "the placeholder")
    check(peak < 64 or scene.sanitized, f"{peak:.0f} MiB for a long line")


def test_flat_memory(scene):
    """Ten times the input takes no more memory."""
    peaks = []
    for count in (20000, 200000):
        path = scene.write_events("flat.ndjson", count)
        peak, output = peak_of(scene, str(path))
        check(check_whole(output, "a large file") == count, "lines are missing")
        peaks.append(peak)
    check(peaks[1] < peaks[0] + 16 or scene.sanitized, f"peak memory grew from {peaks[0]:.0f} to {peaks[1]:.0f} MiB")


def main():
    piictl = pathlib.Path(sys.argv[1])
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    failed = 0
    for name, test in sorted(globals().items()):
        if not name.startswith("test_"):
            continue
        with tempfile.TemporaryDirectory() as folder:
            scene = Scene(piictl, pathlib.Path(folder))
            subprocess.run([str(piictl), "init", "--quiet"], env=scene.environment, stdout=subprocess.DEVNULL, check=True)
            try:
                test(scene)
                print(f"ok    {name}", flush=True)
            except Failure as failure:
                failed += 1
                print(f"FAILED {name}: {failure}", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

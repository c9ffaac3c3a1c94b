"""Runs one transcript of piictl: arguments, standard input, output, errors and exit code, as README.md here describes.

Exit code 77: the machine cannot do what the transcript needs, and the test is skipped with the reason.
"""

import fcntl
import itertools
import os
import pathlib
import pty
import re
import select
import shlex
import shutil
import subprocess
import sys
import tempfile
import termios
import threading
import time

HERE = pathlib.Path(__file__).parent
TIMEOUT = 120
SKIP = 77


class Failure(Exception):
    """What did not come as the transcript says."""


class Skip(Exception):
    """What this machine lacks."""


class Step:
    """One run of piictl and what is expected of it."""

    def __init__(self, line, command):
        self.line, self.command = line, command
        self.stdin, self.stdin_file = [], None
        self.stdout, self.stderr, self.code = [], [], 0
        self.any_stdout = self.any_stderr = False
        self.stdout_to = self.user = self.mount = None
        self.terminals = set()


def parse(text):
    """Yields ("shell", line, command), ("file", name, content), ("env", name, value), ("canary", text) and ("step", Step)."""
    lines = text.split("\n")
    items, at, step = [], 0, None
    while at < len(lines):
        line = lines[at]
        at += 1
        word, _, rest = line.partition(" ")
        if not line.strip() or word == "#":
            continue
        if word == "%":
            items.append(("shell", at, rest))
        elif word == "file":
            content = ""
            while at < len(lines) and lines[at].startswith("|"):
                content += lines[at][2:] + "\n"
                at += 1
            items.append(("file", rest, content))
        elif word == "env":
            name, _, value = rest.partition("=")
            items.append(("env", name, value))
        elif word == "canary":
            items.append(("canary", rest))
        elif word == "$":
            step = Step(at, rest)
            items.append(("step", step))
        elif step is None:
            raise Failure(f"line {at}: expected a command first")
        else:
            add_to_step(step, word, rest, at)
    return items


def add_to_step(step, word, rest, at):
    if word == "<":
        step.stdin.append(rest + "\n")
    elif word == "<-":
        step.stdin.append(rest)
    elif word == "<x":
        step.stdin.append(rest.encode().decode("unicode_escape").encode("latin-1"))
    elif word == "<file":
        step.stdin_file = rest
    elif word == "<repeat":
        count, _, text = rest.partition(" ")
        step.stdin.append((int(count), text))
    elif word in (">", ">~"):
        step.stdout.append((word, rest))
    elif word == ">*":
        step.any_stdout = True
    elif word in ("!", "!~"):
        step.stderr.append((word.replace("!", ">"), rest))
    elif word == "!*":
        step.any_stderr = True
    elif word == "=":
        step.code = int(rest)
    elif word == "to":
        step.stdout_to = rest
    elif word == "as":
        step.user = rest
    elif word == "mount":
        step.mount = shlex.split(rest)
    elif word == "tty":
        step.terminals |= set(rest.split())
    else:
        raise Failure(f"line {at}: {word!r} means nothing here")


def matches(kind, expected, actual):
    return re.fullmatch(expected, actual) is not None if kind == ">~" else expected == actual


def compare(what, expected, actual_text):
    actual = actual_text.split("\n")
    if actual[-1] == "":
        actual.pop()
    for number, (want, got) in enumerate(itertools.zip_longest(expected, actual)):
        if want is None or got is None or not matches(*want, got):
            raise Failure(f"{what}, line {number + 1}: expected {want[1] if want else 'its end'!r}, "
                          f"got {got[:300] if got is not None else 'its end'!r}")


class Runner:
    def __init__(self, piictl, folder, variables):
        self.piictl, self.folder, self.variables = piictl, folder, variables
        self.canaries = []
        self.environment = {"PATH": f"{piictl.parent}:{os.environ.get('PATH', '/usr/bin:/bin')}", "HOME": str(folder),
                            "LC_ALL": "C.UTF-8", "TERM": "xterm"}
        self.environment |= {k: v for k, v in os.environ.items() if k.endswith("SAN_OPTIONS")}

    def fill(self, text):
        for name, value in self.variables.items():
            text = text.replace("{" + name + "}", value)
        return text.replace("{dir}", str(self.folder))

    def shell(self, line, command):
        done = subprocess.run(["sh", "-eu", "-c", self.fill(command)], cwd=self.folder, env=self.environment, check=False,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")
        if done.returncode != 0:
            raise Failure(f"line {line}: `{self.fill(command)}` ended with {done.returncode}: {done.stdout[-2000:]}")

    def wrap(self, step, arguments):
        """Another user, or a folder of its own on a small or read-only file system."""
        if step.mount:
            folder, size, *flags = step.mount
            source = next((f[5:] for f in flags if f.startswith("from=")), None)
            after = next((f[6:] for f in flags if f.startswith("after=")), None)
            script = f"mount -t tmpfs -o size={size},mode=0700 tmpfs {folder}\n"
            script += f"cp -p {source}/* {folder}/\n" if source else ""
            script += f"dd if=/dev/zero of={folder}/filler bs=1k 2>/dev/null || :\n" if "full" in flags else ""
            script += f"mount -o remount,bind,ro {folder}\n" if "read-only" in flags else ""
            script += '"$@" && code=0 || code=$?\n'
            script += f"cp -p {folder}/* {after}/\n" if after else ""
            script += "exit $code\n"
            (self.folder / folder).mkdir(exist_ok=True)
            if after:
                (self.folder / after).mkdir(exist_ok=True)
            unshare = ["unshare", "-m"] if os.getuid() == 0 else ["unshare", "-rm"]
            probe = subprocess.run([*unshare, "mount", "-t", "tmpfs", "tmpfs", folder], cwd=self.folder, check=False,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            if probe.returncode != 0:
                raise Skip("no file system may be mounted here (unshare -m)")
            return [*unshare, "sh", "-eu", "-c", script, "sh", *arguments]
        if step.user == "nobody":
            if os.getuid() != 0:
                raise Skip("only root can become another user")
            drop = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
            if subprocess.run([*drop, str(self.piictl), "version"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                              check=False).returncode != 0:
                raise Skip("another user cannot run the program where it lies")
            return [*drop, *arguments]
        return arguments

    def run(self, step):
        arguments = shlex.split(self.fill(step.command))
        if arguments[0] != "piictl":
            raise Failure(f"line {step.line}: a step runs piictl")
        arguments = self.wrap(step, [str(self.piictl), *arguments[1:]])
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            code, on_terminal = self.execute(step, arguments, out, err)
            out.seek(0)
            err.seek(0)
            stdout, stderr = out.read(), err.read()
        self.check(step, code, stdout.decode("utf-8", "backslashreplace"),
                   stderr.decode("utf-8", "backslashreplace"), on_terminal)

    def execute(self, step, arguments, out, err):
        """Returns the exit code, and what the terminal showed when there was one."""
        closing = []
        stdin = subprocess.PIPE
        if step.stdin_file:
            stdin = open(self.folder / self.fill(step.stdin_file), "rb")
            closing.append(stdin.fileno())
        target = self.fill(step.stdout_to or "")
        if target == "closed-pipe":
            reader, out = os.pipe()
            os.close(reader)
            closing.append(out)
        elif target == "closed":
            arguments = ["sh", "-c", 'exec "$@" >&-', "sh", *arguments]
        elif target:
            out = os.open(target, os.O_WRONLY)
            closing.append(out)
        master = None
        if step.terminals:
            master, slave = pty.openpty()
            stdin = slave if "stdin" in step.terminals else stdin
            out = slave if "stdout" in step.terminals else out
            err = slave if "stderr" in step.terminals else err
            closing.append(slave)
        become_foreground, kept = None, ()
        if "control" in step.terminals:  # the session's own terminal, which is /dev/tty
            stdin, kept = subprocess.DEVNULL, (slave,)
            become_foreground = lambda: fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
        process = subprocess.Popen(arguments, cwd=self.folder, env=self.environment, stdin=stdin, stdout=out, stderr=err,
                                   start_new_session=True, preexec_fn=become_foreground, pass_fds=kept)  # nobody's terminal is asked
        for descriptor in closing:
            os.close(descriptor)
        seen = b""
        if process.stdin is not None:
            feeder = threading.Thread(target=self.feed, args=(process.stdin, step))
            feeder.start()
        if master is not None:
            seen = self.talk(master, step, process)
        try:
            code = process.wait(TIMEOUT)
        except subprocess.TimeoutExpired:
            process.kill()
            raise Failure(f"line {step.line}: did not end within {TIMEOUT} s") from None
        if process.stdin is not None:
            feeder.join()
        return code, seen.decode("utf-8", "backslashreplace").replace("\r\n", "\n")

    def feed(self, pipe, step):
        try:
            for part in step.stdin:
                for block in self.blocks(part):
                    pipe.write(block)
            pipe.close()
        except BrokenPipeError:
            try:
                pipe.close()
            except BrokenPipeError:
                pass

    def blocks(self, part):
        if isinstance(part, tuple):
            count, text = part
            block = text.encode() * (1 << 16)
            whole, rest = divmod(count * len(text), len(block))
            yield from itertools.repeat(block, whole)
            yield block[:rest]
        else:
            yield part if isinstance(part, bytes) else self.fill(part).encode()

    def talk(self, master, step, process):
        """Types the input once something is asked, or a line each time, and collects what is shown until the program ends."""
        seen = b""
        to_type = list(map(self.fill, step.stdin))
        if "control" not in step.terminals:
            to_type = ["".join(to_type)] if "stdin" in step.terminals else []
        asked = 0
        deadline = time.monotonic() + TIMEOUT
        while time.monotonic() < deadline:
            ready, _, _ = select.select([master], [], [], 0.2)
            if ready:
                try:
                    seen += os.read(master, 65536)
                except OSError:
                    break
            elif process.poll() is not None:
                break
            if to_type and len(re.findall(rb"\(not shown\): |again: ", seen)) > asked:
                os.write(master, to_type.pop(0).encode())
                asked += 1
        os.close(master)
        return seen

    def check(self, step, code, stdout, stderr, shown):
        said = stderr + (shown if "stderr" in step.terminals else "")
        where = f"line {step.line}: `{self.fill(step.command)}`"
        for canary in self.canaries:
            if canary in said:
                raise Failure(f"{where} told the value {canary!r} to standard error: {said[:2000]!r}")
        if code != step.code:
            raise Failure(f"{where} ended with {code}, not {step.code}; standard error: {said[:2000]!r}")
        try:
            if "--json" not in step.command:
                self.check_error_lines(code, said)
            if not step.any_stdout and step.stdout_to is None:
                actual = shown if "stdout" in step.terminals else stdout
                compare("standard output", [(k, self.fill(t)) for k, t in step.stdout], actual)
            if not step.any_stderr and "stderr" not in step.terminals:
                told = stderr
                if not any(text.startswith("hint:") for _, text in step.stderr):
                    told = re.sub(r"^hint: .*\n", "", told, flags=re.MULTILINE)
                compare("standard error", [(k, self.fill(t)) for k, t in step.stderr], told)
        except Failure as failure:
            raise Failure(f"{where}: {failure}\nstandard output: {stdout[:2000]!r}\nstandard error: {said[:2000]!r}") from None

    @staticmethod
    def check_error_lines(code, stderr):
        errors = re.findall(r"^error: \S.*$", stderr, re.MULTILINE)
        hints = re.findall(r"^hint: \S.*$", stderr, re.MULTILINE)
        wanted = 0 if code == 0 else 1
        if (len(errors), len(hints)) != (wanted, wanted):
            raise Failure(f"{len(errors)} error and {len(hints)} hint lines, not {wanted} of each")


def run_items(items, piictl, variables):
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        os.chmod(folder, 0o755)
        shutil.copytree(HERE / "keysets", folder / "keys")
        for keyset in (folder / "keys").iterdir():
            keyset.chmod(0o600)
        runner = Runner(piictl, folder, variables)
        for kind, *rest in items:
            if kind == "shell":
                runner.shell(*rest)
            elif kind == "file":
                path = folder / runner.fill(rest[0])
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(runner.fill(rest[1]), encoding="utf-8")
            elif kind == "env":
                runner.environment[rest[0]] = runner.fill(rest[1])
            elif kind == "canary":
                runner.canaries.append(rest[0])
            else:
                runner.run(*rest)
        runner.shell("end", "chmod -R u+rwX .")


def variants(text):
    """The transcript without its `each` lines, and every combination of their values."""
    names, values = [], []
    body = []
    for line in text.split("\n"):
        match = re.fullmatch(r"each (\w+) = (.*)", line)
        body.append("" if match else line)
        if match:
            names.append(match[1])
            values.append([value.strip() for value in match[2].split(" / ")])
    return "\n".join(body), [dict(zip(names, chosen)) for chosen in itertools.product(*values)]


def main():
    piictl, transcript = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2])
    text, all_variables = variants(transcript.read_text(encoding="utf-8"))
    steps = 0
    for variables in all_variables:
        items = parse(text)
        steps += sum(1 for kind, *_ in items if kind in ("step", "shell"))
        try:
            run_items(items, piictl, variables)
        except Skip as skip:
            print(f"skipped: {skip}")
            return SKIP
        except Failure as failure:
            print(f"{transcript.name} {variables or ''}\n{failure}")
            return 1
    print(f"{transcript.name}: {steps} steps")
    return 0 if steps else 1


if __name__ == "__main__":
    sys.exit(main())

"""ship/application.cpp as a running process."""

import json
import os
import pathlib
import subprocess
import time

SEEDS = (b"ada.lovelace", b"4929123456789015", b"55512345", b"Lamarr", b"Tr0ub4dor")
SUM = ("sent", "queued", "spooled", "dropped", "rejected", "dead_lettered")


class Service:
    """Logs to a file and to the receivers of `environment`."""

    def __init__(self, program, folder, environment, arguments=()):
        self.file = pathlib.Path(folder, f"lines-{len(list(pathlib.Path(folder).iterdir()))}")
        inherited = {k: v for k, v in os.environ.items() if not k.startswith(("PII", "OTEL", "ES_", "ELASTIC", "LOG"))}
        self.process = subprocess.Popen([program, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                                        env=inherited | {"PII_LOG_OUTPUT": "none", "PII_LOG_FILE": str(self.file)} | environment)

    def tell(self, command):
        self.process.stdin.write(command + "\n")
        self.process.stdin.flush()

    def ask(self, command):
        self.tell(command)
        return json.loads(self.process.stdout.readline())

    def report(self):
        return even(self.ask("report"))

    def until(self, holds):
        """The first report of which that is true."""
        end = time.monotonic() + 30
        while not holds(report := self.report()):
            assert time.monotonic() < end, report
            time.sleep(0.01)
        return report

    def end(self, milliseconds=5000):
        """The last report, and what was written, by number."""
        self.tell(f"end {milliseconds}")
        output, _ = self.process.communicate(timeout=30)
        assert self.process.returncode == 0, self.process.returncode
        lines = self.file.read_bytes().splitlines()
        no_seeds(b"\n".join(lines))
        events = {number(event): event for event in map(json.loads, lines)}
        assert len(events) == len(lines)
        return even(json.loads(output)), events


def even(report):
    assert report["accepted"] == sum(report[name] for name in SUM), report
    return report


def no_seeds(data):
    for seed in SEEDS:
        assert seed not in data, seed


def number(event):
    """What names an event: its number, or what the logger says of itself."""
    return event.get("extra", {}).get("n", event["message"])

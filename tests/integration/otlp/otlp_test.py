"""The example of two services and a worker sends its spans and logs to the OpenTelemetry Collector's own OTLP receiver, as JSON and as protobuf;
what that understood is held against the same expectations as what was sent.

usage: otlp_test.py PAYMENT_SERVICE_TEST PAYMENT_SERVICE   Exit code 77: there is no receiver here (otlp/build.sh)."""

import importlib.util
import json
import pathlib
import socket
import subprocess
import sys

HERE = pathlib.Path(__file__).parent


def load(path):
    spec = importlib.util.spec_from_file_location("payment_service_test", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Receiver:
    """Stands in for the test's own collector."""

    def __init__(self, program):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.server_port = free.getsockname()[1]
        self.process = subprocess.Popen([program, f"127.0.0.1:{self.server_port}"], stdout=subprocess.PIPE, text=True)
        assert self.process.stdout.readline() == "ready\n"
        self.got = []

    def shutdown(self):
        self.process.terminate()
        output, _ = self.process.communicate(timeout=30)
        assert self.process.returncode == 0
        for line in output.splitlines():
            self.got.append(("/v1/traces" if "resourceSpans" in json.loads(line) else "/v1/logs", "application/json", line.encode()))


def main():
    test, program = load(sys.argv[1]), sys.argv[2]
    found = subprocess.run(["sh", HERE / "build.sh"], capture_output=True, text=True, check=False)
    if found.returncode != 0:
        print("skipped:", found.stderr.strip())
        return 77
    for protocol in ("http/json", "http/protobuf"):
        service = test.Service(program, protocol, Receiver(found.stdout.strip()))
        headers = [("traceparent", f"00-{test.TRACE}-{test.PARENT}-01"), ("X-Correlation-ID", "req-1")]
        assert test.post(service.port, headers)[0] == 201
        service.end()
        assert {path for path, _, _ in service.collector.got} == {"/v1/logs", "/v1/traces"}, protocol
        test.check_otlp(service, test.decode_json)
        print(f"{protocol}: {len(service.collector.got)} requests understood")
    return 0


if __name__ == "__main__":
    sys.exit(main())

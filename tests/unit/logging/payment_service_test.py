"""Runs the example of two services and a worker, as client and as collector: one trace over both hops and the queue, spans and logs as OTLP in
JSON and in protobuf, nothing of a person in any byte, and what W3C Trace Context says of odd headers.

The protobuf is read by opentelemetry-proto (PyPI); where that is not installed, this part says that it is skipped."""

import base64
import gzip
import http.server
import json
import os
import socket
import subprocess
import sys
import threading

SEEDS = ("ada@example.com", "Lovelace", "4929123456789015")
TRACE, PARENT = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
try:
    from google.protobuf.json_format import MessageToDict
    from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
    from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
except ImportError:
    ExportLogsServiceRequest = None


class Collector(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        if self.headers.get("content-encoding") == "gzip":
            body = gzip.decompress(body)
        self.server.got.append((self.path, self.headers["content-type"], body))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


def post(port, headers, body="amount=100", target="/orders"):
    """Raw, because headers may be odd. The answer's status and headers."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as s:
        lines = [f"POST {target} HTTP/1.1", "Host: x", f"Content-Length: {len(body)}", "Content-Type: application/x-www-form-urlencoded"]
        s.sendall(("\r\n".join(lines + [f"{n}: {v}" for n, v in headers]) + "\r\n\r\n" + body).encode())
        answer = b""
        while part := s.recv(65536):
            answer += part
    head = answer.split(b"\r\n\r\n")[0].decode().split("\r\n")
    return int(head[0].split()[1]), dict(line.split(": ", 1) for line in head[1:])


class Service:
    """The example, with everything it says kept."""

    def __init__(self, program, protocol, collector=None, more=None):
        self.collector = collector or http.server.ThreadingHTTPServer(("127.0.0.1", 0), Collector)
        if collector is None:
            self.collector.got = []
            threading.Thread(target=self.collector.serve_forever, daemon=True).start()
        environment = {k: v for k, v in os.environ.items() if not k.startswith(("PII", "OTEL", "ES_", "LOG"))}
        self.process = subprocess.Popen(
            [program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env=environment | {"PII_LOG_OUTPUT": "stderr", "OTEL_EXPORTER_OTLP_ENDPOINT": f"http://127.0.0.1:{self.collector.server_port}",
                               "OTEL_EXPORTER_OTLP_PROTOCOL": protocol, "OTEL_EXPORTER_OTLP_COMPRESSION": "gzip", "OTEL_SERVICE_NAME": "shop-0",
                               "OTEL_BSP_SCHEDULE_DELAY": "50", "OTEL_BLRP_SCHEDULE_DELAY": "50"} | (more or {}))
        self.port = int(self.process.stdout.readline())

    def end(self):
        _, self.log = self.process.communicate(timeout=30)
        assert self.process.returncode == 0, (self.process.returncode, self.log[-2000:])
        self.collector.shutdown()
        for seed in SEEDS:
            assert seed not in self.log, seed
            for path, _, body in self.collector.got:
                assert seed.encode() not in body, (seed, path)
        return [json.loads(line) for line in self.log.splitlines()]

    def received(self, decode):
        for path, kind, body in self.collector.got:
            yield path, decode(path, kind, body)


def decode_json(_, kind, body):
    assert kind == "application/json", kind
    return json.loads(body)


def decode_proto(path, kind, body):
    """As the JSON encoding has it, so that one test reads both: ids become hex."""
    assert kind == "application/x-protobuf", kind
    message = (ExportTraceServiceRequest if path == "/v1/traces" else ExportLogsServiceRequest)()
    assert message.ParseFromString(body) == len(body)
    message.DiscardUnknownFields()
    assert message.ByteSize() == len(body), "a field that the decoder does not know"
    tree = MessageToDict(message, use_integers_for_enums=True)

    def hexed(node):
        if isinstance(node, dict):
            return {k: base64.b64decode(v).hex() if k in ("traceId", "spanId", "parentSpanId") else hexed(v) for k, v in node.items()}
        return [hexed(v) for v in node] if isinstance(node, list) else node
    return hexed(tree)


def attributes(node):
    return {a["key"]: next(iter(a["value"].values()), None) for a in node.get("attributes", [])}


def check_otlp(service, decode):
    spans, logs = [], []
    for path, tree in service.received(decode):
        if path == "/v1/traces":
            for resource in tree["resourceSpans"]:
                assert attributes(resource["resource"])["service.name"] == "shop-0"
                spans += [s for scope in resource["scopeSpans"] for s in scope["spans"]]
        else:
            assert path == "/v1/logs", path
            for resource in tree["resourceLogs"]:
                assert attributes(resource["resource"])["telemetry.sdk.language"] == "cpp"
                logs += [(scope["scope"]["name"], r) for scope in resource["scopeLogs"] for r in scope["logRecords"]]
    mine = {}
    for span in spans:
        assert int(span["startTimeUnixNano"]) <= int(span["endTimeUnixNano"])
        if span["traceId"] == TRACE:
            mine.setdefault(span["name"], []).append(span)
    charge, = mine["receipts"]
    server, = [s for s in mine["POST /orders"] if attributes(s)["http.response.status_code"] in (201, "201")]
    assert server["parentSpanId"] == PARENT and server["kind"] == 2
    call, = [s for s in mine["POST /charge"] if s["parentSpanId"] == server["spanId"]]
    second, = [s for s in mine["POST /charge"] if s["parentSpanId"] == call["spanId"]]
    assert (call["kind"], second["kind"]) == (3, 2), "the call is below the request, the second hop below the call"
    assert charge["parentSpanId"] == server["spanId"] and charge["kind"] == 5
    tries = sorted(mine["Receipt.process"], key=lambda s: int(attributes(s)["retries"]))
    assert [attributes(s)["process.success"] for s in tries] == [False, True], tries
    assert {s["parentSpanId"] for s in tries} == {charge["spanId"]}
    assert tries[0]["status"]["code"] == 2 and not tries[1].get("status")
    names = {}
    for logger, record in logs:
        if record.get("traceId") == TRACE and record["body"]["stringValue"] not in names:
            names[record["body"]["stringValue"]] = (logger, record)
    for name in ("INBOUND POST /orders", "order_received", "payment_processed", "OUTBOUND POST /orders (201)", "handler_failed", "receipt_sent"):
        assert name in names, (name, sorted(names))
    logger, received = names["order_received"]
    assert logger == "shop.orders" and received["severityNumber"] == 9 and received["severityText"] == "info"
    assert received["spanId"] == server["spanId"]
    assert attributes(received)["user.id"] == "42"
    assert attributes(names["handler_failed"][1])["exception.type"] == "std::runtime_error"


def w3c_cases():
    """(name, headers, which trace goes on, which tracestate goes on); None: a new one, or none."""
    good = f"00-{TRACE}-{PARENT}-01"

    def parent(value, kept=None):
        return [("traceparent", value)], kept, None
    yield ("absent", [], None, None)
    yield ("plain", *parent(good, TRACE))
    for name in ("TraceParent", "TrAcEpArEnT", "TRACEPARENT"):
        yield (name, [(name, good)], TRACE, None)
    yield ("twice", [("traceparent", good), ("traceparent", good)], None, None)
    for tail in (".", "-", "-what-the-future", "x"):
        yield ("00 with more" + tail, *parent(good + tail))
    yield ("cc", *parent("cc" + good[2:], TRACE))
    yield ("cc with more", *parent("cc" + good[2:] + "-what-the-future-will-be-like", TRACE))
    yield ("cc with a dot", *parent("cc" + good[2:] + ".what-the-future-will-not-be-like"))
    yield ("ff", *parent("ff" + good[2:]))
    for version in (".0", "0.", "000", "0", "0G"):
        yield ("version " + version, *parent(version + good[2:]))
    for trace in ("0" * 32, "." + TRACE[1:], TRACE[:-1] + ".", TRACE + "0", TRACE[:-1], TRACE.upper()):
        yield ("trace " + trace, *parent(f"00-{trace}-{PARENT}-01"))
    for span in ("0" * 16, "." + PARENT[1:], PARENT[:-1] + ".", PARENT + "0", PARENT[:-1], PARENT[:-1] + "A"):
        yield ("span " + span, *parent(f"00-{TRACE}-{span}-01"))
    for flags in (".0", "0.", "001", "1", "0G"):
        yield ("flags " + flags, *parent(f"00-{TRACE}-{PARENT}-{flags}"))
    for value in (f" {good}", f"\t{good}", f"{good} ", f"{good}\t", f"\t {good} \t"):
        yield ("blanks", *parent(value, TRACE))

    def state(*values, kept):
        return [("traceparent", good)] + [("tracestate", v) for v in values], TRACE, kept
    yield ("state without parent", [("tracestate", "foo=1")], None, None)
    yield ("state", *state("foo=1,bar=2", kept="foo=1,bar=2"))
    yield ("states", *state("foo=1,bar=2", "rojo=1,congo=2", "baz=3", kept="foo=1,bar=2,rojo=1,congo=2,baz=3"))
    yield ("state with blanks", *state("foo=1 \t , \t bar=2, \t baz=3", kept="foo=1,bar=2,baz=3"))
    yield ("state with nothing", *state("foo=1", "", kept="foo=1"))
    for bad in ("foo =1", "FOO=1", "foo.bar=1", "@foo=1,bar=2", "foo=bar=baz", "foo=,bar=3", "foo", "z" * 257 + "=1"):
        yield ("state " + bad[:30], *state(bad, kept=None))
    # Level 2 lets an @ stand anywhere but in front.
    for fine in ("foo@=1,bar=2", "foo@@bar=1,bar=2", "foo@bar@baz=1,bar=2", "t" * 242 + "@v=1"):
        yield ("state " + fine[:30], *state(fine, kept=fine))
    yield ("longest key", *state("z" * 256 + "=1", kept="z" * 256 + "=1"))
    yield ("longest tenant", *state("t" * 241 + "@" + "v" * 14 + "=1", kept="t" * 241 + "@" + "v" * 14 + "=1"))
    many = [f"bar{i:02}=1" for i in range(33)]
    yield ("32 members", *state(",".join(many[:32]), kept=",".join(many[:32])))
    yield ("33 members", *state(",".join(many), kept=None))


def main():
    program = sys.argv[1]
    service = Service(program, "http/json")
    headers = [("traceparent", f"00-{TRACE}-{PARENT}-01"), ("X-Correlation-ID", "req-1"), ("Authorization", "Bearer s3cret-s3cret-s3cret")]
    status, answered = post(service.port, headers)
    assert status == 201 and answered["X-Correlation-ID"] == "req-1", answered
    assert answered["x-sent-traceparent"].split("-")[1] == TRACE and answered["x-sent-traceparent"].split("-")[2] != PARENT
    assert post(service.port, [], "amount=5000")[0] == 402
    count = 0
    for name, sent, trace, state in w3c_cases():
        _, answered = post(service.port, sent, "amount=5000")
        version, sent_trace, sent_span, flags = answered["x-sent-traceparent"].split("-")
        assert version == "00" and flags in ("01", "03"), name
        assert (sent_trace == TRACE) == (trace == TRACE) and sent_trace != "0" * 32, (name, answered)
        assert sent_span not in (PARENT, "0" * 16), name
        assert answered.get("x-sent-tracestate") == state, (name, answered.get("x-sent-tracestate"))
        count += 1
    events = service.end()
    assert "s3cret-s3cret" not in service.log
    assert any(e["message"] == "payment_declined" for e in events)
    check_otlp(service, decode_json)
    print(f"{count} cases of W3C Trace Context")

    if ExportLogsServiceRequest is None:
        print("skipped: protobuf is not read, opentelemetry-proto is not installed (pip install opentelemetry-proto)")
        return 0
    service = Service(program, "http/protobuf")
    assert post(service.port, headers)[0] == 201
    service.end()
    check_otlp(service, decode_proto)
    print("protobuf read by opentelemetry-proto")
    return 0


if __name__ == "__main__":
    sys.exit(main())

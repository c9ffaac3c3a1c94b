#include "commands/scaffold_table.hpp"

#include <array>

namespace piictl {
namespace {

constexpr std::array kTable = {
    Scaffold{"env", "the variables of a service", R"(# docs/logging.md has them all.
SERVICE_TYPE=app
APP_VERSION=1.2.3
PROJECT_NAME=myproject
ENVIRONMENT=production
PII_LOG_PRESET=production   # or development, or environment: by the name above
ES_URL=https://elasticsearch.example:9200
ES_API_KEY=
PII_LOG_SPOOL=/var/spool/myproject/log
PII_LOG_DEAD_LETTERS=/var/lib/myproject/dead-letters
# OTEL_EXPORTER_OTLP_ENDPOINT=http://collector:4318
# SENTRY_DSN=                for an alert handler of the program's own (docs/logging.md, "Alerts")
)"},
    Scaffold{"docker-labels", "labels that Vector looks for, for a compose file", R"(    labels:
      collect_logs: "true"
      project: ${PROJECT_NAME}
      service_type: api        # api, celery, rq
      env: ${ENVIRONMENT:-dev}
)"},
    Scaffold{"vector", "vector.toml: containers' output to an Elasticsearch data stream", R"([sources.containers]
type = "docker_logs"
include_labels = ["collect_logs=true"]
exclude_containers = ["vector", "nginx", "certbot", "redis", "postgres", "db"]
auto_partial_merge = true

[transforms.events]
type = "remap"
inputs = ["containers"]
source = '''
event, failed = parse_json(.message)
if failed == null && is_object(event) {
  . = object!(event)
} else {
  . = {"@timestamp": .timestamp, "raw_message": .message, "parse_error": "no JSON object"}
}
'''

[sinks.elasticsearch]
type = "elasticsearch"
inputs = ["events"]
endpoints = ["${ES_URL}"]
api_version = "v8"
mode = "data_stream"
compression = "gzip"
pipeline = "common-logs"
data_stream.type = "logs"
data_stream.dataset = "${PROJECT_NAME}"
data_stream.namespace = "${ENVIRONMENT}"
request.headers.Authorization = "ApiKey ${ES_API_KEY}"
request.retry_attempts = 5
request.retry_initial_backoff_secs = 1
request.retry_max_duration_secs = 300
tls.verify_certificate = true
buffer.type = "memory"
buffer.max_events = 4096
batch.max_events = 2048
batch.timeout_secs = 1
)"},
    Scaffold{"vector-compose", "Vector as a service of a compose file", R"(  vector:
    image: timberio/vector:0.43.1-debian
    volumes:
      - ./vector.toml:/etc/vector/vector.toml:ro
      - /var/run/docker.sock:/var/run/docker.sock:ro
    command: ["--config", "/etc/vector/vector.toml"]
    environment: [ES_API_KEY, ES_URL, ENVIRONMENT, PROJECT_NAME]
    restart: unless-stopped
)"},
    Scaffold{"es-template", "an index template: PUT _index_template/logs-myproject", R"({
  "index_patterns": ["logs-myproject-*"],
  "data_stream": {},
  "priority": 200,
  "template": {
    "mappings": {
      "dynamic_templates": [
        {"labels": {"path_match": "labels.*", "mapping": {"type": "keyword", "ignore_above": 1024}}}
      ],
      "properties": {
        "@timestamp": {"type": "date"},
        "message": {"type": "match_only_text"},
        "extra": {"type": "flattened", "ignore_above": 1024},
        "trace": {"properties": {"id": {"type": "keyword"}}},
        "span": {"properties": {"id": {"type": "keyword"}}},
        "client": {"properties": {"ip": {"type": "keyword"}}},
        "user": {"properties": {"id": {"type": "keyword"}}}
      }
    }
  }
}
)"},
    Scaffold{"es-pipeline", "an ingest pipeline: PUT _ingest/pipeline/common-logs", R"({
  "description": "Field sets of ECS are objects, so that no event is lost to a mapping conflict",
  "processors": [
    {"script": {"lang": "painless", "source": "for (n in ['client','error','event','host','http','log','server','service','source','span','trace','url','user']) { def v = ctx[n]; if (v != null && !(v instanceof Map)) { ctx[n] = ['value': v.toString()]; } }"}},
    {"set": {"field": "event.ingested", "value": "{{{_ingest.timestamp}}}"}}
  ]
}
)"},
    Scaffold{"nginx", "a traceparent for every request, of the caller or new", R"x(# In http { }: a caller's own traceparent, or one made of the request's id. 16 hex digits of it name the span.
map $request_id $new_span_id { "~^(?<span>[0-9a-f]{16})" $span; }
map $http_traceparent $use_traceparent {
  "~^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$" $http_traceparent;
  default "00-$request_id-$new_span_id-01";
}
# In location { }:
#   proxy_set_header traceparent $use_traceparent;
#   proxy_set_header tracestate $http_tracestate;
)x"},
    Scaffold{"filebeat", "filebeat.yml: the log file of a service", R"(filebeat.inputs:
  - type: filestream
    id: myproject
    paths: ["/var/log/app/*.log"]
    parsers:
      - ndjson: {target: "", overwrite_keys: true, add_error_key: true}
output.elasticsearch:
  hosts: ["${ES_URL}"]
  api_key: "${ES_API_KEY}"
  index: "logs-${PROJECT_NAME}-${ENVIRONMENT}"
setup.template.enabled: false
)"},
    Scaffold{"fluent-bit", "fluent-bit.conf: the log file of a service", R"([INPUT]
    Name            tail
    Path            /var/log/app/*.log
    Parser          json
    DB              /var/lib/fluent-bit/app.db
    Rotate_Wait     30

[OUTPUT]
    Name            es
    Match           *
    Host            ${ES_HOST}
    Port            9200
    tls             On
    Index           logs-${PROJECT_NAME}-${ENVIRONMENT}
    Suppress_Type_Name On
    Write_Operation create
    Retry_Limit     10
)"},
    Scaffold{"elk-compose", "Elasticsearch, Logstash and Kibana for trying", R"(services:
  elasticsearch:
    image: docker.elastic.co/elasticsearch/elasticsearch:7.14.4
    environment: ["discovery.type=single-node", "ES_JAVA_OPTS=-Xms512m -Xmx512m"]
    ports: ["127.0.0.1:9200:9200"]
    networks: [elk]
  logstash:
    image: docker.elastic.co/logstash/logstash:7.14.4
    command: ["-e", "input { tcp { port => 5000 codec => json_lines } } output { elasticsearch { hosts => ['http://elasticsearch:9200'] index => 'logs-%{[project][name]}' } }"]
    ports: ["127.0.0.1:5000:5000", "127.0.0.1:9600:9600"]
    networks: [elk]
  kibana:
    image: docker.elastic.co/kibana/kibana:7.14.4
    ports: ["127.0.0.1:5601:5601"]
    networks: [elk]
networks:
  elk: {driver: bridge}
)"},
    Scaffold{"jaeger", "Jaeger as a service of a compose file, for looking at traces", R"(  jaeger:
    image: jaegertracing/all-in-one:1.53
    environment: ["COLLECTOR_OTLP_ENABLED=true"]
    ports: ["127.0.0.1:16686:16686", "127.0.0.1:4318:4318"]
# OTEL_EXPORTER_OTLP_ENDPOINT=http://jaeger:4318
)"},
    Scaffold{"otel-collector", "a collector's configuration: traces to AWS X-Ray, metrics to CloudWatch", R"(receivers:
  otlp:
    protocols:
      http: {endpoint: 0.0.0.0:4318}
      grpc: {endpoint: 0.0.0.0:4317}
processors:
  batch: {}
exporters:
  awsxray: {region: "${AWS_REGION}"}
  awsemf: {region: "${AWS_REGION}", namespace: MyProject, log_group_name: /myproject/traces}
service:
  pipelines:
    traces: {receivers: [otlp], processors: [batch], exporters: [awsxray]}
    metrics: {receivers: [otlp], processors: [batch], exporters: [awsemf]}
)"},
    Scaffold{"datadog", "a Datadog agent that takes OTLP, as a service of a compose file", R"(  datadog:
    image: gcr.io/datadoghq/agent:7
    environment:
      - DD_API_KEY
      - DD_SITE
      - DD_OTLP_CONFIG_RECEIVER_PROTOCOLS_HTTP_ENDPOINT=0.0.0.0:4318
      - DD_OTLP_CONFIG_LOGS_ENABLED=true
    expose: ["4318"]
# OTEL_EXPORTER_OTLP_ENDPOINT=http://datadog:4318
# Programs with ddtrace find the same agent by DD_AGENT_HOST=datadog and DD_TRACE_AGENT_PORT=8126.
)"},
};

}  // namespace

std::span<const Scaffold> scaffolds() noexcept { return kTable; }

}  // namespace piictl

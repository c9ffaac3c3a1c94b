#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "pii/export.hpp"
#include "pii/logging/configuration.hpp"
#include "pii/logging/ship.hpp"

namespace pii::ship {

// Each makes a shipper for an Output of Format::ecs. Errors: invalid_setting, for an address that is none, or credentials that
// plain http would show to the network.

/// POSTs batches. `logiscout`: `{"payloads":[…],"batch_metadata":{…}}` by request, as logiscout's /ingest takes it; `ndjson`: the
/// lines; `json_array`: the lines as one array.
enum class BatchForm : std::uint8_t { logiscout, ndjson, json_array };
struct HttpBatch {
  std::string url = {};
  Credentials credentials = {};
  BatchForm form = BatchForm::logiscout;
};
/// logiscout's limits: 200 records or 30 seconds.
PII_EXPORT Options http_batch_options();
PII_EXPORT Result<std::shared_ptr<Shipper>> http_batch(HttpBatch target, Options options = http_batch_options());

/// Elasticsearch's bulk interface: `create` with an id of ours, so that what is sent twice is there once.
struct Elasticsearch {
  std::string url = {};       // https://host:9200; or
  std::string cloud_id = {};  // Elastic Cloud's `name:…`
  Credentials credentials = {};
  std::string stream = {};    // a data stream, or an index; data_stream_name(configuration)
  std::string pipeline = {};  // an ingest pipeline
};
PII_EXPORT Result<std::shared_ptr<Shipper>> elasticsearch(Elasticsearch target, Options options = {});
/// The address behind a Cloud ID. Errors: invalid_setting.
PII_EXPORT Result<std::string> parse_cloud_id(std::string_view cloud_id);

/// A JSON line per event over TCP (codec json_lines). There is no answer: what the system took counts as sent.
struct Logstash {
  std::string host = {};
  std::uint16_t port = 5000;
  bool use_tls = false;
};
PII_EXPORT Result<std::shared_ptr<Shipper>> logstash(Logstash target, Options options = {});

/// OTLP over HTTP; `json` is the JSON encoding, else protobuf.
struct Otlp {
  std::string url = {};  // of the signal, as it is: http://localhost:4318/v1/logs
  std::vector<std::pair<std::string, std::string>> headers = {};
  bool json = false;
  /// service.name, service.version, service.instance.id, deployment.environment.name, …
  std::vector<std::pair<std::string, std::string>> resource = {};
};
/// The collector's own: 512 records or 1 second of logs, 5 of spans.
PII_EXPORT Options otlp_options();
PII_EXPORT Result<std::shared_ptr<Shipper>> otlp_logs(Otlp target, Options options = otlp_options());
/// For trace::make_tracer(); it takes spans, not events.
PII_EXPORT Result<std::shared_ptr<Shipper>> otlp_traces(Otlp target, Options options = otlp_options());

/// What a BatchTransport says of one batch. `failed`: nothing was said; it is tried again, as the retry policy has it.
struct SendResult {
  enum class Line : std::uint8_t { sent, duplicate, retry, reject };
  bool failed = false;
  bool too_large = false;         // the batch is halved and tried again
  std::vector<Line> lines = {};   // one a line; empty: all were sent
  std::string reason = {};        // of what was not sent; never a value
  std::optional<std::chrono::milliseconds> retry_after = {};
};
/// A way to a receiver that is none of those above: a queue, a socket, a database. Batches, retries, spool, dead letters and accounts
/// are the shipper's.
class PII_EXPORT BatchTransport {
 public:
  virtual ~BatchTransport();
  /// Masked JSON lines without line ends; the views live during the call. Called by one thread at a time; what it throws is `failed`.
  virtual SendResult send(std::span<const std::string_view> lines) = 0;
  /// Makes a send() in progress end soon. From any thread.
  virtual void cancel() noexcept = 0;
};
/// `make` is called on the shipper's thread, before the first batch, and again where it gave nothing and in a forked child. Errors:
/// invalid_setting.
PII_EXPORT Result<std::shared_ptr<Shipper>> own_transport(std::function<std::unique_ptr<BatchTransport>()> make, Options options = {});

/// What OTEL_* say of one signal, `logs` or `traces`: endpoint (with /v1/SIGNAL behind a general one), headers, protocol, timeout,
/// compression, certificates, queue and batch sizes, resource. nullopt: no endpoint is set, or OTEL_SDK_DISABLED, or the exporter is
/// `none`. `configuration` names the service where OTEL_SERVICE_NAME does not. Errors: invalid_setting, naming the variable.
struct OtlpFromEnvironment {
  Otlp target = {};
  Options options = {};
};
PII_EXPORT Result<std::optional<OtlpFromEnvironment>> otlp_from_environment(std::string_view signal,
                                                                            const log::Configuration& configuration,
                                                                            const log::Variables& variables = nullptr);
/// The outputs that ES_URL, ELASTIC_CLOUD_ID, ES_API_KEY, LOGSTASH_HOST, LOGISCOUT_ENDPOINT, OTEL_* and PII_LOG_SPOOL,
/// PII_LOG_DEAD_LETTERS ask for (docs/logging.md, "Shipping"); none without them. Errors: invalid_setting, naming the variable.
PII_EXPORT Result<std::vector<log::Output>> outputs_from_environment(const log::Configuration& configuration,
                                                                     const log::Variables& variables = nullptr);

}  // namespace pii::ship

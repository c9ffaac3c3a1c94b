#include "pii/logging/receivers.hpp"

#include <algorithm>

#include "pii/base64url.hpp"
#include "ship/http_transport.hpp"
#include "ship/protocols.hpp"
#include "ship/queue_shipper.hpp"

namespace pii::ship {

namespace {

Error bad(std::string what, std::string hint = {}) { return {ErrorCode::invalid_setting, std::move(what), std::move(hint)}; }

bool is_this_machine(std::string_view host) {
  return host == "localhost" || host == "[::1]" ||
         (host.starts_with("127.") && host.find_first_not_of("0123456789.") == std::string_view::npos);
}

// Header names and values that end no line.
bool fits_a_header(std::string_view text) noexcept {
  return std::none_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
}

Result<void> check_url(const std::string& url, bool secret) {
  const bool plain = url.starts_with("http://");
  if (!plain && !url.starts_with("https://")) return bad("the receiver's address is no web address", "such as https://host:9200");
  const std::string_view rest = std::string_view(url).substr(plain ? 7 : 8);
  const std::string_view authority = rest.substr(0, rest.find_first_of("/?#"));
  if (authority.empty() || !fits_a_header(rest) || rest.find(' ') != std::string_view::npos) return bad("the receiver's address is no web address");
  if (authority.find('@') != std::string_view::npos) return bad("the receiver's address holds a user name", "credentials have a setting of their own");
  const std::string_view host = authority.substr(0, authority.starts_with('[') ? authority.find(']') + 1 : authority.find(':'));
  if (plain && secret && !is_this_machine(host)) {
    return bad("plain http would show the credentials to the network", "use https://");
  }
  return {};
}

std::string escape_query(std::string_view text) {
  constexpr char kDigits[] = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.' || c == '~';
    if (plain) {
      out += c;
    } else {
      out.append({'%', kDigits[byte >> 4], kDigits[byte & 15]});
    }
  }
  return out;
}

std::shared_ptr<Shipper> make(Options options, const char* name, const std::string& address, std::unique_ptr<const Protocol> protocol,
                              TransportMaker transport) {
  if (options.name.empty()) options.name = name;
  QueueShipper::Parts parts;
  parts.target = std::string(name) + " " + address;
  parts.options = std::move(options);
  parts.protocol = std::move(protocol);
  parts.transport = std::move(transport);
  return std::make_shared<QueueShipper>(std::move(parts));
}

Result<std::shared_ptr<Shipper>> over_http(HttpTarget target, Options options, const char* name, std::unique_ptr<const Protocol> protocol) {
  bool secret = target.credentials.authorization() != nullptr;
  for (const auto& [header, value] : target.headers) {
    if (header.empty() || !fits_a_header(header) || !fits_a_header(value) || header.find_first_of(": ") != std::string::npos) {
      return bad("a header of the receiver's is none");
    }
    secret |= header == "Authorization" || header == "authorization";
  }
  if (auto good = check_url(target.url, secret); !good) return std::move(good).error();
  target.tls = options.tls;
  target.gzip = options.gzip;
  target.timeout = options.timeout;
  const std::string address = target.url;
  return make(std::move(options), name, address, std::move(protocol), [target = std::move(target)] { return make_http_transport(target); });
}

}  // namespace

Options http_batch_options() {
  Options options;
  options.batch.max_records = 200;
  options.batch.max_age = std::chrono::seconds(30);
  return options;
}

Result<std::shared_ptr<Shipper>> http_batch(HttpBatch batch, Options options) {
  HttpTarget target;
  target.url = std::move(batch.url);
  target.credentials = std::move(batch.credentials);
  target.content_type = batch.form == BatchForm::ndjson ? "application/x-ndjson" : "application/json";
  auto protocol = batch.form == BatchForm::ndjson       ? json_lines_protocol()
                  : batch.form == BatchForm::json_array ? json_array_protocol()
                                                        : logiscout_protocol();
  return over_http(std::move(target), std::move(options), "http", std::move(protocol));
}

Result<std::string> parse_cloud_id(std::string_view cloud_id) {
  const Error wrong = bad("the Cloud ID is none", "copy it from the deployment's page");
  const std::size_t colon = cloud_id.rfind(':');
  std::string encoded(cloud_id.substr(colon == std::string_view::npos ? 0 : colon + 1));
  while (encoded.ends_with('=')) encoded.pop_back();
  std::vector<std::byte> bytes(base64url_decoded_capacity(encoded.size()));
  const auto size = base64url_decode(encoded, bytes, Base64Mode::lenient);
  if (!size || encoded.empty()) return wrong;
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), *size);
  const std::size_t first = text.find('$');
  if (first == std::string_view::npos || first == 0) return wrong;
  std::string_view host = text.substr(0, first);
  std::string_view id = text.substr(first + 1, text.find('$', first + 1) - first - 1);
  const auto take_port = [](std::string_view& name, std::string_view otherwise) {
    const std::size_t at = name.find(':');
    const std::string_view port = at == std::string_view::npos ? otherwise : name.substr(at + 1);
    name = name.substr(0, at);
    return port;
  };
  const std::string_view host_port = take_port(host, "443");
  const std::string port(take_port(id, host_port));
  constexpr std::string_view kName = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.";
  if (id.empty() || host.find_first_not_of(kName) != std::string_view::npos || id.find_first_not_of(kName) != std::string_view::npos ||
      port.empty() || port.find_first_not_of("0123456789") != std::string::npos) {
    return wrong;
  }
  return "https://" + std::string(id) + "." + std::string(host) + ":" + port;
}

Result<std::shared_ptr<Shipper>> elasticsearch(Elasticsearch bulk, Options options) {
  HttpTarget target;
  if (bulk.url.empty() == bulk.cloud_id.empty()) return bad("Elasticsearch needs an address or a Cloud ID, and one of them");
  if (!bulk.cloud_id.empty()) {
    auto url = parse_cloud_id(bulk.cloud_id);
    if (!url) return std::move(url).error();
    bulk.url = *std::move(url);
  }
  if (bulk.stream.empty()) return bad("Elasticsearch needs the name of a data stream or an index");
  while (bulk.url.ends_with('/')) bulk.url.pop_back();
  target.url = bulk.url + "/_bulk";
  if (!bulk.pipeline.empty()) target.url += "?pipeline=" + escape_query(bulk.pipeline);
  target.credentials = std::move(bulk.credentials);
  target.content_type = "application/x-ndjson";
  return over_http(std::move(target), std::move(options), "elasticsearch", bulk_protocol(std::move(bulk.stream)));
}

Result<std::shared_ptr<Shipper>> logstash(Logstash receiver, Options options) {
  if (receiver.host.empty() || receiver.port == 0 || !fits_a_header(receiver.host) || receiver.host.find_first_of(" /?#@") != std::string::npos) {
    return bad("Logstash needs a host and a port");
  }
  const std::string address = receiver.host + ":" + std::to_string(receiver.port);
  TcpTarget target{std::move(receiver.host), receiver.port, receiver.use_tls, options.tls, options.timeout};
  return make(std::move(options), "logstash", address, json_lines_protocol(), [target = std::move(target)] { return make_tcp_transport(target); });
}

Result<std::shared_ptr<Shipper>> own_transport(OwnMaker maker, Options options) {
  if (!maker) return bad("a transport of one's own needs a function that makes it");
  return make(std::move(options), "own", {}, own_protocol(), [maker = std::move(maker)] { return make_own_transport(maker); });
}

Options otlp_options() {
  Options options;
  options.batch.max_records = 512;
  options.queue.max_records = 2048;
  return options;
}

namespace {
Result<std::shared_ptr<Shipper>> over_otlp(Otlp otlp, Options options, const char* name, std::unique_ptr<const Protocol> protocol) {
  HttpTarget target;
  target.url = std::move(otlp.url);
  target.headers = std::move(otlp.headers);
  target.content_type = otlp.json ? "application/json" : "application/x-protobuf";
  return over_http(std::move(target), std::move(options), name, std::move(protocol));
}
}  // namespace

Result<std::shared_ptr<Shipper>> otlp_logs(Otlp target, Options options) {
  auto protocol = otlp_logs_protocol(target);
  return over_otlp(std::move(target), std::move(options), "otlp_logs", std::move(protocol));
}

Result<std::shared_ptr<Shipper>> otlp_traces(Otlp target, Options options) {
  auto protocol = otlp_traces_protocol(target);
  return over_otlp(std::move(target), std::move(options), "otlp_traces", std::move(protocol));
}

}  // namespace pii::ship

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <map>
#include <nlohmann/json.hpp>
#include <span>

#include "pii/base64url.hpp"
#include "scan/page_assets.hpp"
#include "scan/scan_report.hpp"

namespace piictl {
namespace {

// Places in the page itself; the script shows the others.
constexpr std::size_t kStaticPlaces = 500;

class Html {
 public:
  Html& raw(std::string_view markup) {
    out_ += markup;
    return *this;
  }
  Html& text(std::string_view text) {
    for (const char c : text) {
      switch (c) {
        case '&':
          out_ += "&amp;";
          break;
        case '<':
          out_ += "&lt;";
          break;
        case '>':
          out_ += "&gt;";
          break;
        case '"':
          out_ += "&quot;";
          break;
        case '\'':
          out_ += "&#39;";
          break;
        default:
          out_ += c;
      }
    }
    return *this;
  }
  std::string take() && { return std::move(out_); }

 private:
  std::string out_;
};

// The form of CSP: base64 with padding; it takes the alphabet of URLs as well.
std::string hash_source(const PageAsset& asset) {
  std::array<std::byte, 32> digest{};
  for (std::size_t i = 0; i < digest.size(); ++i) {
    unsigned value = 0;
    std::from_chars(asset.sha256.data() + 2 * i, asset.sha256.data() + 2 * i + 2, value, 16);
    digest[i] = static_cast<std::byte>(value);
  }
  std::string text(pii::base64url_encoded_size(digest.size()), '\0');
  pii::base64url_encode(digest, text.data());
  return "'sha256-" + text + "='";
}

// Nothing in it can end the element it stands in, whoever chose the words.
std::string embedded_json(const nlohmann::ordered_json& value) {
  std::string out;
  for (const char c : value.dump(-1, ' ', true, nlohmann::ordered_json::error_handler_t::replace)) {
    switch (c) {
      case '<':
        out += "\\u003c";
        break;
      case '>':
        out += "\\u003e";
        break;
      case '&':
        out += "\\u0026";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string data_of(const ScanReport& report) {
  nlohmann::ordered_json files = nlohmann::ordered_json::array();
  for (const ScanFile& file : report.files) files.push_back(file.name);
  nlohmann::ordered_json findings = nlohmann::ordered_json::array();
  for (const ScanFinding& f : report.findings) {
    const int file = f.file < report.files.size() ? static_cast<int>(f.file) : -1;
    findings.push_back({file, static_cast<int>(f.severity), f.type, f.path, f.shape, f.count});
  }
  return embedded_json({{"files", std::move(files)}, {"findings", std::move(findings)}});
}

std::string bytes_text(std::uint64_t bytes) {
  constexpr std::array<std::string_view, 5> kUnits = {" B", " kB", " MB", " GB", " TB"};
  std::size_t unit = 0;
  auto value = static_cast<double>(bytes);
  for (; value >= 1000 && unit + 1 < kUnits.size(); ++unit) value /= 1000;
  std::array<char, 32> text;
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed,
                                 unit == 0 || value >= 100 ? 0 : 1);
  return std::string(text.data(), end.ptr).append(kUnits[unit]);
}

std::string plural(std::uint64_t count, std::string_view one) {
  return grouped(count) + " " + std::string(one) + (count == 1 ? "" : "s");
}

void add_head(Html& html) {
  html.raw("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
      .raw("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src ")
      .raw(hash_source(kPageStyle))
      .raw("; script-src ")
      .raw(hash_source(kPageScript))
      .raw("; base-uri 'none'; form-action 'none'\">\n")
      .raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
      .raw("<meta name=\"referrer\" content=\"no-referrer\">\n<title>Personal data: a scan</title>\n<style>")
      .raw(kPageStyle.text)
      .raw("</style>\n</head>\n<body>\n<div class=\"page\">\n");
}

void add_tile(Html& html, std::string_view id, std::string_view value, std::string_view name) {
  html.raw("<li><b id=\"").raw(id).raw("\">").text(value).raw("</b><span>").text(name).raw("</span></li>\n");
}

void add_totals(Html& html, const ScanReport& report) {
  html.raw("<header>\n<h1>Where personal data is</h1>\n<p>Scanned ")
      .text(report.time)
      .raw(" by piictl ")
      .text(report.version)
      .raw(", policy ")
      .text(report.policy)
      .raw("</p>\n</header>\n<main>\n<ul class=\"tiles\">\n");
  add_tile(html, "total-values", grouped(report.values()), "values found");
  add_tile(html, "total-places", grouped(report.findings.size()), "places");
  add_tile(html, "total-events", grouped(report.events()), "events");
  add_tile(html, "total-files", grouped(report.files.size()), report.files.size() == 1 ? "file" : "files");
  add_tile(html, "total-bytes", bytes_text(report.bytes()), "looked at");
  html.raw("</ul>\n");
}

void add_verdict(Html& html, const ScanReport& report) {
  if (report.findings.empty()) {
    html.raw("<p class=\"verdict\"><b>Nothing was found.</b> ");
  } else {
    std::array<std::uint64_t, kSeverityCount> values{};
    for (const ScanFinding& f : report.findings) values[static_cast<std::size_t>(f.severity)] += f.count;
    html.raw("<p class=\"verdict ").raw(to_string(report.findings.front().severity)).raw("\"><b>");
    bool first = true;
    for (int i = 0; i < kSeverityCount; ++i) {
      if (values[static_cast<std::size_t>(i)] == 0) continue;
      html.raw(first ? "" : ", ").text(grouped(values[static_cast<std::size_t>(i)])).raw(" ");
      html.raw(to_string(static_cast<Severity>(i)));
      first = false;
    }
    html.raw(".</b> ");
  }
  if (report.not_json > 0) html.text(plural(report.not_json, "event")).raw(" read as plain text. ");
  if (report.too_long + report.failed > 0) html.raw("<b>Not looked at: ");
  if (report.too_long > 0) html.text(plural(report.too_long, "line")).raw(" too long");
  if (report.too_long > 0 && report.failed > 0) html.raw(", ");
  if (report.failed > 0) html.text(plural(report.failed, "failure"));
  if (report.too_long + report.failed > 0) html.raw(".</b>");
  html.raw("</p>\n");
}

void add_chart(Html& html, const ScanReport& report) {
  struct Bar {
    std::string type;
    Severity severity;
    std::uint64_t count;
  };
  std::vector<Bar> bars;
  std::map<std::string_view, std::size_t> known;
  for (const ScanFinding& f : report.findings) {
    const auto [at, added] = known.emplace(f.type, bars.size());
    if (added) bars.push_back({f.type, f.severity, 0});
    bars[at->second].count += f.count;
  }
  std::ranges::stable_sort(bars, std::ranges::greater(), &Bar::count);
  html.raw("<section aria-labelledby=\"by-type\">\n<h2 id=\"by-type\">By type</h2>\n<dl class=\"chart\">\n");
  for (const Bar& bar : bars) {
    const auto permille = bar.count * 1000 / bars.front().count;
    const std::uint64_t width = std::max<std::uint64_t>(permille, 4);
    html.raw("<div class=\"row ").raw(to_string(bar.severity)).raw("\"><dt>").text(bar.type).raw("</dt>");
    html.raw("<dd aria-hidden=\"true\"><svg><rect height=\"100%\" width=\"");
    html.raw(std::to_string(width / 10) + "." + std::to_string(width % 10)).raw("%\"/></svg></dd>");
    html.raw("<dd class=\"number\">").text(grouped(bar.count)).raw("</dd></div>\n");
  }
  html.raw("</dl>\n<ul class=\"legend\">");
  for (int i = 0; i < kSeverityCount; ++i) {
    const std::string_view name = to_string(static_cast<Severity>(i));
    html.raw("<li class=\"").raw(name).raw("\">").raw(name).raw("</li>");
  }
  html.raw("</ul>\n</section>\n");
}

void add_kids(Html& html, const ScanReport& report) {
  html.raw(
          "<section aria-labelledby=\"by-key\">\n<h2 id=\"by-key\">Tokens and ciphertexts, by "
          "key</h2>\n<table>\n")
      .raw(
          "<thead><tr><th scope=\"col\">Key id</th><th scope=\"col\">Kind</th><th scope=\"col\">Version</th>")
      .raw("<th scope=\"col\" class=\"number\">Count</th></tr></thead>\n<tbody id=\"kids\">\n");
  for (const KidCount& kid : report.kids) {
    html.raw("<tr><td><code>")
        .text(kid.kid.empty() ? "none" : kid.kid)
        .raw("</code></td><td>")
        .text(kid.kind);
    html.raw("</td><td>").text(std::to_string(kid.version)).raw("</td><td class=\"number\">");
    html.text(grouped(kid.count)).raw("</td></tr>\n");
  }
  html.raw("</tbody>\n</table>\n</section>\n");
}

void add_places(Html& html, const ScanReport& report) {
  const bool many = report.files.size() > 1;
  html.raw("<section aria-labelledby=\"by-place\">\n<h2 id=\"by-place\">By place, the riskiest first</h2>\n")
      .raw("<form class=\"filters\" id=\"filters\" hidden>\n")
      .raw(
          "<label class=\"wide\">Search<input id=\"text\" type=\"search\" autocomplete=\"off\" "
          "spellcheck=\"false\" ")
      .raw(
          "placeholder=\"path, type or file\"></label>\n<label>Risk<select "
          "id=\"severity\"></select></label>\n")
      .raw(
          "<label>Type<select id=\"type\"></select></label>\n<label>File<select "
          "id=\"file\"></select></label>\n")
      .raw(
          "<button type=\"reset\">Clear</button>\n</form>\n<p class=\"status\" id=\"status\" "
          "role=\"status\"></p>\n")
      .raw("<div class=\"scroll\"><table id=\"table\">\n<thead><tr>")
      .raw(
          "<th scope=\"col\" data-column=\"severity\">Risk</th><th scope=\"col\" "
          "data-column=\"type\">Type</th>")
      .raw(
          "<th scope=\"col\" data-column=\"path\">Path</th><th scope=\"col\" "
          "data-column=\"shape\">Shape</th>")
      .raw("<th scope=\"col\" data-column=\"count\" class=\"number\">Count</th>")
      .raw(many ? "<th scope=\"col\" data-column=\"file\">File</th>" : "")
      .raw("</tr></thead>\n<tbody id=\"places\">\n");
  const std::size_t shown = std::min(report.findings.size(), kStaticPlaces);
  for (const ScanFinding& f : std::span(report.findings).first(shown)) {
    const std::string_view severity = to_string(f.severity);
    html.raw("<tr class=\"").raw(severity).raw("\"><td><span class=\"badge\">").raw(severity);
    html.raw("</span></td><td class=\"type\">").text(f.type).raw("</td><td><code>");
    html.text(f.path.empty() ? "(text)" : f.path).raw("</code></td><td><code>").text(f.shape);
    html.raw("</code></td><td class=\"number\">").text(grouped(f.count)).raw("</td>");
    if (many) html.raw("<td><code>").text(report.file_of(f)).raw("</code></td>");
    html.raw("</tr>\n");
  }
  html.raw("</tbody>\n</table></div>\n<p class=\"more\" id=\"more\"")
      .raw(shown == report.findings.size() ? " hidden" : "")
      .raw("><span id=\"more-text\">The first ")
      .text(grouped(shown))
      .raw(
          " are shown. </span><button type=\"button\" id=\"more-button\">Show "
          "more</button></p>\n</section>\n");
}

}  // namespace

std::string to_html(const ScanReport& report) {
  Html html;
  add_head(html);
  add_totals(html, report);
  add_verdict(html, report);
  const bool both = !report.findings.empty() && !report.kids.empty();
  html.raw(both ? "<div class=\"columns two\">\n" : "<div class=\"columns\">\n");
  if (!report.findings.empty()) add_chart(html, report);
  if (!report.kids.empty()) add_kids(html, report);
  html.raw("</div>\n");
  add_places(html, report);
  html.raw(
          "<p class=\"note\">No value is in this page. A path shows masked keys; a shape shows what kind of "
          "characters ")
      .raw(
          "a value had, runs shortened: A and a are letters, 9 is a digit. Risk is what a leak of such a "
          "value would ")
      .raw(
          "cost: critical opens an account or pays, high names a person for life, medium reaches a person, "
          "low helps ")
      .raw("to single one out.</p>\n</main>\n</div>\n<script type=\"application/json\" id=\"data\">")
      .raw(data_of(report))
      .raw("</script>\n<script>")
      .raw(kPageScript.text)
      .raw("</script>\n</body>\n</html>\n");
  return std::move(html).take();
}

}  // namespace piictl

#include "scan_text.hpp"

namespace pii::detect {

Settings all_settings() {
  Settings settings;
  for (int i = 1; i < static_cast<int>(Detector::person_name); ++i)
    settings.enabled.insert(static_cast<Detector>(i));
  settings.regions = *Regions::make({"KW", "SA", "AE", "BH", "QA", "OM", "US"});
  return settings;
}

Settings default_settings() {
  Settings settings = all_settings();
  for (const Detector off :
       {Detector::swift_bic, Detector::uk_nhs, Detector::uk_nino, Detector::es_dni, Detector::it_cf,
        Detector::in_pan, Detector::mac, Detector::btc, Detector::eth, Detector::imei, Detector::iccid,
        Detector::vin, Detector::br_cpf, Detector::br_cnpj}) {
    settings.enabled.erase(off);
  }
  return settings;
}

void find_all(std::string_view text, const Settings& settings, const Hints& hints, Spans& spans) {
  const LeafClass leaf = classify_leaf(text);
  scan_strong(text, leaf, settings, hints, spans);
  scan_with_context(text, leaf, settings, hints, spans);
}

std::string found_in(std::string_view text, const Settings& settings, const Hints& hints) {
  Spans spans;
  find_all(text, settings, hints, spans);
  std::string out;
  for (const Span& span : spans) {
    if (!out.empty()) out += ' ';
    out.append(to_string(span.detector))
        .append("{")
        .append(text.substr(span.begin, span.end - span.begin))
        .append("}");
  }
  return out;
}

std::string found_in(std::string_view text) { return found_in(text, default_settings()); }

}  // namespace pii::detect

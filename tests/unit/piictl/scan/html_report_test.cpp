#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "scan/page_assets.hpp"
#include "scan/scan_report.hpp"

namespace piictl {
namespace {

ScanReport hostile_report() {
  ScanReport report;
  report.time = "2026-01-31T12:00:00Z";
  report.version = "1.2.3";
  report.policy = "default";
  report.files = {{"<img src=x onerror=alert(1)>", 1234567, 4000}, {"b\u2028&'\".log", 1, 1}};
  report.findings = {{0, "</script><script>alert(1)</script>", "card", Severity::critical, 12345, "9"},
                     {1, "<!--<script>", "email", Severity::medium, 1, "a@a.a"}};
  report.kids = {{"ciphertext", 1, "rk1", 7}, {"token", 1, "", 3}};
  return report;
}

std::string between(const std::string& text, std::string_view from, std::string_view to) {
  const std::size_t begin = text.find(from) + from.size();
  return text.substr(begin, text.find(to, begin) - begin);
}

TEST(HtmlReport, shows_totals_and_every_place) {
  const std::string page = to_html(hostile_report());
  EXPECT_NE(page.find("<b id=\"total-values\">12,346</b>"), std::string::npos);
  EXPECT_NE(page.find("<b id=\"total-places\">2</b>"), std::string::npos);
  EXPECT_NE(page.find("<b id=\"total-events\">4,001</b>"), std::string::npos);
  EXPECT_NE(page.find("1.2 MB"), std::string::npos);
  EXPECT_NE(page.find("<td><code>rk1</code></td>"), std::string::npos);
}

TEST(HtmlReport, nothing_of_the_data_is_markup) {
  const std::string page = to_html(hostile_report());
  EXPECT_EQ(page.find("<img"), std::string::npos);
  EXPECT_EQ(page.find("<script>alert"), std::string::npos);
  EXPECT_EQ(page.find("<!--"), std::string::npos);
  EXPECT_EQ(page.find("\u2028", page.find("id=\"data\"")), std::string::npos);
  const auto data = nlohmann::json::parse(between(page, "id=\"data\">", "</script>"));
  EXPECT_EQ(data["findings"][0][3], "</script><script>alert(1)</script>");
  EXPECT_EQ(data["files"][1], "b\u2028&'\".log");
}

TEST(HtmlReport, the_policy_allows_its_own_style_and_script_alone) {
  const std::string page = to_html(hostile_report());
  EXPECT_NE(page.find("content=\"default-src 'none'; style-src 'sha256-"), std::string::npos);
  EXPECT_EQ(page.find("unsafe"), std::string::npos);
  EXPECT_EQ(page.find("http://"), std::string::npos);
  EXPECT_EQ(page.find("https://"), std::string::npos);
  EXPECT_EQ(page.find(" style="), std::string::npos);
  EXPECT_NE(page.find("<style>" + std::string(kPageStyle.text) + "</style>"), std::string::npos);
  EXPECT_NE(page.find("<script>" + std::string(kPageScript.text) + "</script>"), std::string::npos);
}

TEST(HtmlReport, an_empty_one_says_so) {
  ScanReport report;
  report.files = {{"-", 0, 0}};
  const std::string page = to_html(report);
  EXPECT_NE(page.find("Nothing was found."), std::string::npos);
}

TEST(ScanReport, json_has_the_members_of_the_manual) {
  const auto json = nlohmann::json::parse(to_json(hostile_report()));
  EXPECT_EQ(json["files"], 2);
  EXPECT_EQ(json["events"], 4001);
  EXPECT_EQ(json["findings"][0]["type"], "card");
  EXPECT_EQ(json["findings"][0]["count"], 12345);
  EXPECT_EQ(json["kids"][0]["kid"], "rk1");
  EXPECT_TRUE(json["kids"][1]["kid"].is_null());
  const auto evidence = nlohmann::json::parse(to_evidence(hostile_report()));
  EXPECT_EQ(evidence["types"]["email"], 1);
  EXPECT_EQ(evidence["files"][0]["events"], 4000);
}

}  // namespace
}  // namespace piictl

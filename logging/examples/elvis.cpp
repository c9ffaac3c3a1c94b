// The generator of the ELK article: eleven messages at random levels, a second to ten apart, as ECS lines in a file.
//   elvis [EVENTS [PACE_MS]]     for ever without EVENTS; PACE_MS: what a second lasts
#include <array>
#include <cstdlib>
#include <iostream>
#include <random>
#include <string>
#include <thread>

#include "pii/logging/log.hpp"

int main(int argc, char** argv) {
  using pii::log::EventName;
  using pii::log::Level;
  const long events = argc > 1 ? std::strtol(argv[1], nullptr, 10) : -1;
  const long pace = argc > 2 ? std::strtol(argv[2], nullptr, 10) : 1000;
  const std::array<EventName, 11> messages = {"Elvis has left the building.",       "Elvis has two left feet.",
                                              "Elvis was left out in the cold.",    "Elvis was left holding the baby.",
                                              "Elvis left the cake out in the rain.", "Elvis came out of left field.",
                                              "Elvis exited stage left.",           "Elvis took a left turn.",
                                              "Elvis left no stone unturned.",      "Elvis picked up where he left off.",
                                              "Elvis's train has left the station."};
  pii::log::Configuration configuration;
  configuration.level = Level::debug;
  configuration.origin = true;
  configuration.process = true;
  configuration.outputs = {pii::log::file("elvis.json")};
  const auto session = pii::log::init(std::move(configuration));
  if (!session) {
    std::cerr << session.error().message() << '\n';
    return 1;
  }
  const auto log = pii::log::get_logger("app");
  std::cout << "Generating log entries...\n";
  std::mt19937 random(std::random_device{}());
  for (long i = 0; i != events; ++i) {
    // As the article draws; but for 11, its critical one, it has no message and ends: here that is the first one again.
    const unsigned drawn = std::uniform_int_distribution<unsigned>(0, 15)(random);
    const Level level = drawn <= 4 || drawn > 11 ? Level::info : drawn <= 8 ? Level::warning : drawn <= 10 ? Level::error : Level::critical;
    const EventName& message = messages[drawn < messages.size() ? drawn : 0];
    log.log(level, message, pii::log::kv("http.request.body.content", message.text()));
    std::this_thread::sleep_for(std::chrono::milliseconds(pace) * std::uniform_int_distribution<int>(1, 10)(random));
  }
}

#include "daemon/main/feeds_view.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <nlohmann/json.hpp>
#include <numeric>
#include <string_view>
#include <vector>

#include "daemon/main/ask.h"
#include "daemon/main/table.h"
#include "daemon/main/terminal_text.h"

namespace nutgraf::tool {
namespace {

using Json = nlohmann::json;
using Rows = std::vector<std::vector<std::string>>;

constexpr std::string_view kBold = "\033[1m";
constexpr std::string_view kDim = "\033[2m";
constexpr std::string_view kRed = "\033[31m";
constexpr std::string_view kGreen = "\033[32m";
constexpr std::string_view kYellow = "\033[33m";
constexpr std::string_view kPlain = "\033[0m";

/// A remark below this many columns says nothing: another column has to go.
constexpr std::size_t kRemark = 24;
constexpr std::size_t kLabel = 12;

/// "5m", "3h", "12d": what fits into a column.
std::string brief(double seconds) {
  struct Unit {
    double length;
    char sign;
  };
  const double size = std::abs(seconds);
  for (const Unit unit : {Unit{86400, 'd'}, Unit{3600, 'h'}, Unit{60, 'm'}}) {
    if (size >= 2 * unit.length || (unit.sign == 'm' && size >= 60)) {
      return std::to_string(std::llround(size / unit.length)) + unit.sign;
    }
  }
  return std::to_string(std::llround(size)) + "s";
}

std::optional<double> seconds_until(const Json& object, const char* key, Time now) {
  const std::optional<Time> time = parse_rfc3339(show(object, key));
  if (!time) return std::nullopt;
  return std::chrono::duration<double>(*time - now).count();
}

std::string ago(const Json& object, const char* key, Time now) {
  const auto until = seconds_until(object, key, now);
  return until ? brief(*until) : std::string();
}

std::string next_poll(const Json& feed, Time now) {
  if (feed.value("paused", false)) return {};
  const auto until = seconds_until(feed, "next_poll", now);
  if (!until) return {};
  return *until <= 0 ? "now" : brief(*until);
}

/// "3.4", "120", "0.02".
std::string rate(const Json& feed) {
  const auto found = feed.find("items_per_day");
  if (found == feed.end()) return {};
  const double value = found->get<double>();
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(),
                value >= 99.5 ? "%.0f"
                : value >= 1  ? "%.1f"
                              : "%.2f",
                value);
  return text.data();
}

std::string count_unless_zero(const Json& feed, const char* key) {
  const auto found = feed.find(key);
  if (found == feed.end() || !found->is_number() || found->get<double>() == 0) return {};
  return show(feed, key);
}

std::string listed(const Json& numbers) {
  std::string out;
  for (const Json& number : numbers) out += (out.empty() ? "" : ",") + number.dump();
  return out;
}

/// "ttl 1h, max-age 5m".
std::string wishes(const Json& feed) {
  const Json asks = feed.value("asks", Json::object());
  std::string out;
  const auto add = [&out](const std::string& wish) { out += (out.empty() ? "" : ", ") + wish; };
  constexpr std::array<std::pair<const char*, const char*>, 4> kTimes{
      {{"ttl", "ttl "},
       {"update_every", "updates "},
       {"max_age", "max-age "},
       {"retry_after", "retry-after "}}};
  for (const auto& [key, label] : kTimes) {
    if (asks.contains(key)) add(label + brief(asks.at(key).get<double>()));
  }
  if (asks.contains("skip_hours")) add("not at " + listed(asks.at("skip_hours")) + "h");
  if (asks.contains("skip_days")) {
    constexpr std::array kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    for (const Json& day : asks.at("skip_days"))
      add("not on " + std::string(kDays.at(day.get<std::size_t>())));
  }
  return out;
}

std::string state_of(const Json& feed) {
  return feed.value("paused", false) ? "paused" : show(feed, "state");
}

std::string_view colour_of(const std::string& state) {
  if (state == "ok") return kGreen;
  if (state == "failing" || state == "gone") return kRed;
  return state == "paused" ? kDim : kYellow;
}

std::string remark(const Json& feed) {
  std::string out = feed.value("paused", false) ? "paused by the operator" : show(feed, "reason");
  const std::string error = show(feed, "last_error");
  if (!error.empty() && error != out) out += (out.empty() ? "" : "; ") + error;
  return out;
}

struct Column {
  const char* heading;
  bool number;
  int worth;  ///< The least is the first to go where there is no room; 9: stays.
  std::string (*cell)(const Json& feed, Time now);
};

constexpr int kStays = 9;
const std::array kColumns{
    Column{"FEED", false, kStays, [](const Json& f, Time) { return show(f, "id"); }},
    Column{"STATE", false, kStays, [](const Json& f, Time) { return state_of(f); }},
    Column{"SINCE", true, 6, [](const Json& f, Time now) { return ago(f, "since", now); }},
    Column{"ITEMS", true, 3, [](const Json& f, Time) { return show(f, "items"); }},
    Column{"A DAY", true, 5, [](const Json& f, Time) { return rate(f); }},
    Column{"POLLED", true, 7, [](const Json& f, Time now) { return ago(f, "last_poll", now); }},
    Column{"HTTP", true, 4, [](const Json& f, Time) { return show(f, "last_status"); }},
    Column{"NEXT", true, 8, [](const Json& f, Time now) { return next_poll(f, now); }},
    Column{"BECAUSE", false, 2, [](const Json& f, Time) { return show(f, "next_reason"); }},
    Column{"FAILED", true, 4, [](const Json& f, Time) { return count_unless_zero(f, "failures"); }},
    Column{"GIVEN UP", true, 4,
           [](const Json& f, Time) { return count_unless_zero(f, "quarantined"); }},
    Column{"ASKS FOR", false, 1, [](const Json& f, Time) { return wishes(f); }},
    Column{"REMARK", false, kStays, [](const Json& f, Time) { return remark(f); }}};

/// What fits: each chosen column at its natural width, the remark at what is left.
std::vector<Column> fitting(std::vector<Column> chosen, std::vector<std::size_t> widths,
                            std::size_t width) {
  const auto needed = [&] {
    std::size_t sum = 2 * (chosen.size() - 1);
    for (std::size_t i = 0; i < chosen.size(); ++i) {
      const bool flexible = std::string_view(chosen[i].heading) == "REMARK";
      sum += flexible ? std::min(widths[i], kRemark) : widths[i];
    }
    return sum;
  };
  while (width > 0 && needed() > width) {
    const auto least = std::ranges::min_element(chosen, {}, &Column::worth);
    if (least->worth == kStays) break;
    widths.erase(widths.begin() + (least - chosen.begin()));
    chosen.erase(least);
  }
  return chosen;
}

std::vector<Column> columns_for(const Json& feeds, const FeedsLook& look) {
  std::vector<Column> chosen;
  std::vector<std::size_t> widths;
  for (const Column& column : kColumns) {
    std::size_t widest = 0;
    for (const Json& feed : feeds) {
      widest = std::max(widest, columns(printable(column.cell(feed, look.now))));
    }
    if (widest == 0 && column.worth != kStays) continue;
    chosen.push_back(column);
    widths.push_back(std::max(widest, columns(column.heading)));
  }
  return fitting(std::move(chosen), std::move(widths), look.width);
}

std::string painted(const std::string& text, std::string_view colour, const FeedsLook& look) {
  return look.colour ? std::string(colour) + text + std::string(kPlain) : text;
}

// ---- one feed

/// Local time, and how far away: "2026-11-21 10:00:05 (4m ago)".
std::string moment(const Json& object, const char* key, Time now) {
  const std::optional<Time> time = parse_rfc3339(show(object, key));
  if (!time) return {};
  const std::time_t seconds = std::chrono::system_clock::to_time_t(
      std::chrono::time_point_cast<std::chrono::seconds>(*time));
  std::tm parts{};
  localtime_r(&seconds, &parts);
  std::array<char, 32> text{};
  std::strftime(text.data(), text.size(), "%F %T", &parts);
  const double until = std::chrono::duration<double>(*time - now).count();
  return std::string(text.data()) + (until > 0 ? " (in " + brief(until) : " (" + brief(until)) +
         (until > 0 ? ")" : " ago)");
}

std::string in_words(const std::string& reason) {
  constexpr std::array<std::pair<std::string_view, const char*>, 11> kWords{
      {{"interval", "its interval"},
       {"adaptive", "its interval, adapted to how much is new"},
       {"server", "the server or the feed asks for it"},
       {"retry-after", "the server asks for it (Retry-After)"},
       {"backoff", "it failed: the more often, the later"},
       {"min-interval", "the least interval of the configuration"},
       {"max-interval", "the longest interval of the configuration"},
       {"skip-hours", "the feed asks to skip hours or days before"},
       {"network-down", "the network was down"},
       {"gone", "gone: asked monthly"},
       {"skip-days", "the feed asks to skip days before"}}};
  for (const auto& [name, words] : kWords) {
    if (name == reason) return words;
  }
  return reason;
}

std::string joined(std::initializer_list<std::string> parts) {
  std::string out;
  for (const std::string& part : parts) {
    if (!part.empty()) out += (out.empty() ? "" : ", ") + part;
  }
  return out;
}

std::string with(const std::string& text, const char* before, const char* after = "") {
  return text.empty() ? text : before + text + after;
}

std::string percent(const Json& object, const char* key) {
  return std::to_string(std::llround(100 * object.value(key, 0.0))) + " %";
}

/// Lines of a label and what hangs beside it.
class Sheet {
 public:
  explicit Sheet(const FeedsLook& look) : look_(look) {}

  void line(std::string_view label, const std::string& content, std::string_view colour = {}) {
    const std::string text = printable(content);
    if (text.empty()) return;
    const std::size_t room = look_.width > kLabel + 20 ? look_.width - kLabel - 2 : 0;
    bool first = true;
    for (const std::string& part : wrapped(text, room)) {
      const std::string name = padded(first ? label : std::string_view(), kLabel);
      out_ += painted("  " + name, kDim, look_) +
              (colour.empty() ? part : painted(part, colour, look_)) + "\n";
      first = false;
    }
  }
  void raw(const std::string& text) { out_ += text; }
  std::string finish() && { return std::move(out_); }

 private:
  const FeedsLook& look_;
  std::string out_;
};

void add_usual(Sheet& sheet, const Json& usual) {
  const std::string gap = usual.contains("gap_s") ? brief(usual.at("gap_s").get<double>()) : "";
  const std::string longest =
      usual.contains("longest_gap_s") ? brief(usual.at("longest_gap_s").get<double>()) : "";
  sheet.line("rhythm", joined({with(gap, "something new every "), with(longest, "longest gap "),
                               with(show(usual, "items"), "", " items in the document"),
                               "silent after " + brief(usual.value("silent_after_s", 0.0))}));
  sheet.line("texts", joined({with(show(usual, "characters"), "", " characters are usual"),
                              with(count_unless_zero(usual, "stories"), "", " stories judged"),
                              percent(usual, "short") + " of late far shorter"}));
  sheet.line("pages", joined({with(show(usual, "pages"), "", " wanted"),
                              percent(usual, "walls") + " of late walls",
                              with(show(usual, "last_wall"), "the last one ", ""),
                              percent(usual, "pages_missing") + " of late not to be had"}));
}

void add_furniture(Sheet& sheet, const Json& furniture, Time now) {
  const Json lines = furniture.value("lines", Json::array());
  sheet.line("furniture", lines.empty() ? "none of late"
                                        : std::to_string(lines.size()) +
                                              (lines.size() == 1 ? " line" : " lines") +
                                              " learned and left out of its stories:");
  for (const Json& line : lines) {
    sheet.line("", "\"" + show(line, "text") + "\"" + with(ago(line, "since", now), ", ", " ago"));
  }
}

void add_quarantined(Sheet& sheet, const Json& answer, const std::string& id,
                     const FeedsLook& look) {
  Rows rows = {{"  TRIES", "GIVEN UP ON", "ERROR", "LINK"}};
  for (const Json& item : answer.value("quarantined", Json::array())) {
    if (show(item, "feed") != id) continue;
    rows.push_back(
        {show(item, "attempts"), show(item, "title"), show(item, "error"), show(item, "link")});
  }
  if (rows.size() == 1) return;
  TableLook table{.width = look.width, .right = {true}};
  if (look.colour) {
    table.colour = [](std::size_t row, std::size_t) {
      return row == 0 ? kDim : std::string_view();
    };
  }
  sheet.raw(format_table(rows, table));
}

std::string sheet_of(const Json& feed, const Json& answer, const FeedsLook& look) {
  Sheet sheet(look);
  const std::string id = show(feed, "id");
  const std::string state = state_of(feed);
  const std::string name = printable(show(feed, "name"));
  sheet.raw(painted(id, kBold, look) + (name.empty() || name == id ? "" : "  " + name) + "\n");
  sheet.line("state", joined({state, with(moment(feed, "since", look.now), "since ")}),
             colour_of(state));
  sheet.line("why", show(feed, "reason"));
  sheet.line("url", show(feed, "url"));
  if (show(feed, "configured_url") != show(feed, "url")) {
    sheet.line("configured", show(feed, "configured_url"));
  }
  const Json moving = feed.value("moving", Json::object());
  sheet.line("moving to",
             joined({show(moving, "to"), with(show(moving, "seen"), "", " equal answers"),
                     with(moment(moving, "since", look.now), "since ")}));
  sheet.line("title", show(feed, "title"));
  sheet.line("publisher", show(feed, "publisher"));
  sheet.line("category", show(feed, "category"));
  sheet.line("last poll", joined({moment(feed, "last_poll", look.now),
                                  with(show(feed, "last_status"), "HTTP ")}));
  sheet.line("error", show(feed, "last_error"), kRed);
  sheet.line("last good", moment(feed, "last_success", look.now));
  sheet.line("last new", moment(feed, "last_new_item", look.now));
  if (!feed.value("paused", false)) {
    sheet.line("next poll",
               joined({moment(feed, "next_poll", look.now), in_words(show(feed, "next_reason"))}));
  }
  sheet.line("asks for", wishes(feed));
  sheet.line("polls",
             joined({show(feed, "polls") + " since " + moment(feed, "first_poll", look.now),
                     show(feed, "not_modified") + " not modified",
                     show(feed, "failures") + " failures counted"}));
  sheet.line("items", joined({show(feed, "items"), with(rate(feed), "", " a day of late")}));
  if (feed.contains("usual")) add_usual(sheet, feed.at("usual"));
  if (feed.contains("furniture")) add_furniture(sheet, feed.at("furniture"), look.now);
  sheet.line("validators", joined({show(feed, "etag"), show(feed, "last_modified")}));
  add_quarantined(sheet, answer, id, look);
  return std::move(sheet).finish();
}

}  // namespace

std::string feeds_table(const Json& answer, const FeedsLook& look) {
  const Json& feeds = answer.at("feeds");
  const std::vector<Column> chosen = columns_for(feeds, look);
  Rows rows(1);
  TableLook table{.width = look.width};
  std::vector<std::string_view> colours{kDim};
  for (const Column& column : chosen) {
    rows.front().emplace_back(column.heading);
    table.right.push_back(column.number);
  }
  for (const Json& feed : feeds) {
    std::vector<std::string> cells;
    cells.reserve(chosen.size());
    for (const Column& column : chosen) cells.push_back(column.cell(feed, look.now));
    rows.push_back(std::move(cells));
    colours.push_back(colour_of(state_of(feed)));
  }
  if (look.colour) {
    table.colour = [&colours](std::size_t row, std::size_t column) {
      return row == 0 || column == 1 ? colours[row] : std::string_view();
    };
  }
  std::string out = format_table(rows, table);
  const std::size_t total = answer.value("total", feeds.size());
  if (total > feeds.size()) {
    out += "and " + std::to_string(total - feeds.size()) + " more, which are well\n";
  }
  const std::size_t given_up = answer.value("quarantined", Json::array()).size();
  if (given_up > 0) {
    out += std::to_string(given_up) + (given_up == 1 ? " item was" : " items were") +
           " given up on: `nutgraf feeds FEED` shows them\n";
  }
  return out;
}

std::string feeds_detail(const Json& answer, const FeedsLook& look) {
  std::string out;
  for (const Json& feed : answer.at("feeds")) {
    out += (out.empty() ? "" : "\n") + sheet_of(feed, answer, look);
  }
  return out;
}

namespace {

/// What a request comes to for a feed that is paused, and for one that is not.
struct Done {
  std::string_view verb;
  std::string_view paused;
  std::string_view polled;
};
constexpr std::array kDone{
    Done{"pause", "was paused already", "paused"},
    Done{"resume", "resumed", "was not paused"},
    Done{"poll-now", "is paused and not polled", "will be polled now"},
    Done{"reset", "reset (and still paused)", "reset"},
};

}  // namespace

std::string feeds_done(std::string_view verb, const Json& answer) {
  const auto* const done = std::ranges::find(kDone, verb, &Done::verb);
  const Json& feeds = answer.at("feeds");
  std::string out;
  for (const Json& feed : feeds) {
    out += feed.value("paused", false) ? done->paused : done->polled;
    out += ": " + printable(show(feed, "name")) + " (" + printable(show(feed, "url")) + ")\n";
  }
  if (const std::size_t all = answer.at("changed").size(); all > feeds.size()) {
    out += "and " + std::to_string(all - feeds.size()) + " more\n";
  }
  return out;
}

}  // namespace nutgraf::tool

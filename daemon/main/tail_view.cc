#include "daemon/main/tail_view.h"

#include <algorithm>
#include <array>
#include <ctime>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "daemon/base/date.h"
#include "daemon/main/terminal_text.h"

namespace nutgraf::tool {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kEvents = 2000;

/// Summaries remembered, so that an event does not repeat what its stories have just said.
constexpr std::size_t kShown = 64;
/// Sentences of an event's news; more would be an article, and those are on the screen already.
constexpr std::size_t kFresh = 3;

constexpr std::size_t kTimeColumns = 5;
constexpr std::size_t kNameColumns = 18;
constexpr std::size_t kWideNameColumns = 22;
/// From here on there is room for longer names.
constexpr std::size_t kWide = 100;
/// Below this the columns would leave no room for text: it is indented by two instead.
constexpr std::size_t kNarrow = 76;

constexpr std::string_view kBold = "\033[1m";
constexpr std::string_view kDim = "\033[2m";
constexpr std::string_view kRed = "\033[31m";
constexpr std::string_view kYellow = "\033[33m";
constexpr std::string_view kCyan = "\033[36m";
constexpr std::string_view kPlain = "\033[0m";

const Json& member(const Json& object, const char* key) {
  static const Json nothing;
  const auto found = object.is_object() ? object.find(key) : object.end();
  return found == object.end() ? nothing : *found;
}

std::string text(const Json& object, const char* key) {
  const Json& value = member(object, key);
  return value.is_string() ? printable(value.get_ref<const std::string&>()) : std::string();
}

int number(const Json& object, const char* key) {
  const Json& value = member(object, key);
  return value.is_number_integer() ? value.get<int>() : 0;
}

std::string local(const std::optional<Time>& time, const char* format) {
  if (!time) return {};
  const std::time_t seconds = std::chrono::system_clock::to_time_t(
      std::chrono::time_point_cast<std::chrono::seconds>(*time));
  std::tm parts{};
  localtime_r(&seconds, &parts);
  std::array<char, 64> buffer{};
  return {buffer.data(), std::strftime(buffer.data(), buffer.size(), format, &parts)};
}

std::optional<Time> decided_at(const Json& message) {
  return parse_rfc3339(text(message, "decided_at"));
}

/// One message on its way to the screen: a head line of columns, and lines below that hang under
/// the title.
class Block {
 public:
  Block(const TailLook& look, const Json& message) : look_(look), time_(decided_at(message)) {
    narrow_ = look.width != 0 && look.width < kNarrow;
    if (look.width >= kWide) name_columns_ = kWideNameColumns;
    indent_ = narrow_ ? 2 : kTimeColumns + 2 + name_columns_ + 2;
  }

  void head(std::string_view name, std::string_view name_colour, std::string_view title) {
    const std::string time = padded(local(time_, "%H:%M"), kTimeColumns);
    if (narrow_) {
      out_ += paint(time, kDim) + "  " + paint(std::string(name), name_colour) + "\n";
    } else {
      out_ += paint(time, kDim) + "  " + paint(padded(name, name_columns_), name_colour) + "  ";
      first_line_ = true;
    }
    line(title, kBold);
  }

  void line(std::string_view content, std::string_view colour = {}) {
    if (content.empty() && !first_line_) return;
    const std::size_t room =
        look_.width == 0 ? 0 : look_.width - std::min(indent_, look_.width - 1);
    if (content.empty()) out_ += '\n';
    for (const std::string& part : wrapped(content, room)) {
      if (!first_line_) out_.append(indent_, ' ');
      out_ += paint(part, colour) + "\n";
      first_line_ = false;
    }
    first_line_ = false;
  }

  /// A link stays in one piece, so that a terminal can open it: further left if it is long.
  void link(std::string_view url) {
    if (url.empty()) return;
    const std::size_t wide = columns(url);
    const std::size_t room = look_.width == 0 || look_.width < wide ? wide : look_.width - wide;
    out_.append(look_.width != 0 && look_.width < wide ? 0 : std::min(indent_, room), ' ');
    out_ += paint(std::string(url), kDim) + "\n";
  }

  std::string finish() && { return std::move(out_); }

 private:
  std::string paint(std::string content, std::string_view colour) const {
    if (!look_.colour || colour.empty() || content.empty()) return content;
    return std::string(colour) + content + std::string(kPlain);
  }

  const TailLook& look_;
  const std::optional<Time> time_;
  bool narrow_ = false;
  bool first_line_ = false;
  std::size_t name_columns_ = kNameColumns;
  std::size_t indent_ = 0;
  std::string out_;
};

std::string publisher_of(const Json& story) {
  const Json& source = member(story, "source");
  for (const char* key : {"publisher", "name", "host", "feed_id"}) {
    if (std::string name = text(source, key); !name.empty()) return name;
  }
  return "?";
}

std::string joined(const Json& list) {
  std::string out;
  if (!list.is_array()) return out;
  for (const Json& entry : list) {
    if (!entry.is_string()) continue;
    if (!out.empty()) out += ", ";
    out += printable(entry.get_ref<const std::string&>());
  }
  return out;
}

/// What was said before and is no longer, and what is said now.
void change_lines(const Json& change, Block& block) {
  const std::string was = text(change, "was");
  const std::string now = text(change, "now");
  if (!was.empty()) block.line("- " + was, kDim);
  if (!now.empty()) block.line("+ " + now, kYellow);
}

/// "killed: 3 (Reuters) – 5 (BBC, AP)"
std::string conflict_line(const Json& conflict) {
  std::string out = text(conflict, "what") + ": ";
  bool first = true;
  for (const Json& claim : member(conflict, "claims")) {
    if (!first) out += " – ";
    first = false;
    out += text(claim, "value");
    const std::string publishers = joined(member(claim, "publishers"));
    if (!publishers.empty()) out += " (" + publishers + ")";
  }
  return out;
}

std::string counted(int count, const char* one, const char* many) {
  return std::to_string(count) + " " + (count == 1 ? one : many);
}

}  // namespace

std::string TailView::message(std::string_view body, const TailLook& look) {
  const Json message = Json::parse(body, nullptr, false);
  if (!message.is_object()) return {};
  std::string shown;
  if (message.contains("story")) {
    shown = story(message, look);
  } else if (message.contains("event")) {
    shown = event(message, look);
  } else if (message.contains("feed")) {
    shown = feed(message, look);
  }
  if (shown.empty()) return shown;
  const bool first = !std::exchange(begun_, true);
  return (first ? "" : "\n") + day_line(message, look) + shown;
}

std::string TailView::notice(std::string_view text, const TailLook& look) {
  std::string out;
  for (const std::string& part : wrapped(printable(text), look.width < 4 ? 0 : look.width - 3)) {
    const std::string line = (out.empty() ? "-- " : "   ") + part;
    out += (look.colour ? std::string(kDim) + line + std::string(kPlain) : line) + "\n";
  }
  return out;
}

std::string TailView::waiting(const Json& answer, const TailLook& look) {
  std::string hosts;
  int pages = 0;
  for (const Json& host : member(answer, "hosts")) {
    pages += number(host, "pages");
    hosts += (hosts.empty() ? "" : ", ") + text(host, "host") + " " +
             std::to_string(number(host, "pages"));
  }
  if (pages == 0) return {};
  const std::string line = clipped("-- " + counted(pages, "page", "pages") + " to come: " + hosts,
                                   std::max<std::size_t>(look.width, 2) - 1);
  return look.colour ? std::string(kDim) + line + std::string(kPlain) : line;
}

std::string TailView::day_line(const Json& message, const TailLook& look) {
  std::string day = local(decided_at(message), "%A, %-d %B %Y");
  if (day.empty() || day == day_) return {};
  day_ = std::move(day);
  return look.colour ? std::string(kDim) + day_ + std::string(kPlain) + "\n" : day_ + "\n";
}

std::string TailView::story(const Json& message, const TailLook& look) {
  const Json& story = member(message, "story");
  const std::string op = text(message, "op");
  Block block(look, message);
  std::string title = text(story, "title");
  if (op == "update") title = "[update] " + title;
  if (op == "retract") title = "[retracted] " + (title.empty() ? text(story, "url") : title);
  block.head(publisher_of(story), kCyan, title);
  if (op == "retract") {
    block.line(text(message, "reason"), kRed);
    return std::move(block).finish();
  }
  for (const Json& change : member(story, "changes")) change_lines(change, block);
  const std::string summary = text(member(story, "summary"), "text");
  if (!was_shown(summary)) block.line(summary);
  remember(summary);
  block.link(text(story, "url"));
  return std::move(block).finish();
}

std::string TailView::event(const Json& message, const TailLook& look) {
  const Json& event = member(message, "event");
  const std::string op = text(message, "op");
  Block block(look, message);
  block.head("EVENT " + op, kYellow, text(event, "title"));
  if (op == "merge") {
    block.line("is now part of event " + text(message, "into"), kDim);
    return std::move(block).finish();
  }
  block.line(growth(event), kYellow);
  const Json& fresh = member(event, "new");
  for (const std::string& paragraph : news(fresh)) block.line(paragraph);
  if (fresh.empty()) {
    const std::string summary = text(member(event, "summary"), "text");
    if (!was_shown(summary)) block.line(summary);
    remember(summary);
  }
  for (const Json& conflict : member(event, "conflicts")) {
    block.line("! " + conflict_line(conflict), kRed);
  }
  return std::move(block).finish();
}

/// What no story shown before has said, each publisher's sentences in one paragraph.
std::vector<std::string> TailView::news(const Json& fresh) const {
  std::vector<std::string> paragraphs;
  std::string last;
  std::size_t sentences = 0;
  for (const Json& sentence : fresh) {
    const std::string said = text(sentence, "text");
    if (said.empty() || was_shown(said) || sentences == kFresh) continue;
    ++sentences;
    const std::string publisher = text(sentence, "publisher");
    if (paragraphs.empty() || publisher != last) paragraphs.push_back(publisher + ":");
    paragraphs.back() += " " + said;
    last = publisher;
  }
  return paragraphs;
}

bool TailView::was_shown(const std::string& text) const {
  return std::any_of(shown_.begin(), shown_.end(), [&](const std::string& shown) {
    return shown.find(text) != std::string::npos;
  });
}

void TailView::remember(const std::string& text) {
  if (text.empty()) return;
  shown_.push_back(text);
  if (shown_.size() > kShown) shown_.pop_front();
}

/// "2 → 4 independent publishers, 3 → 7 reports": grown since it was last shown.
std::string TailView::growth(const Json& event) {
  const std::string id = text(event, "id");
  const Growth now{number(event, "size"), number(event, "independent")};
  auto [entry, is_new] = events_.try_emplace(id, now);
  const Growth was = entry->second;
  entry->second = now;
  if (is_new) order_.push_back(id);
  if (order_.size() > kEvents) {
    events_.erase(order_.front());
    order_.pop_front();
  }
  const auto grown = [](int before, int after) {
    return before == after ? std::string() : std::to_string(before) + " → ";
  };
  return grown(was.independent, now.independent) +
         counted(now.independent, "independent publisher", "independent publishers") + ", " +
         grown(was.size, now.size) + counted(now.size, "report", "reports");
}

std::string TailView::feed(const Json& message, const TailLook& look) {
  const Json& feed = member(message, "feed");
  const std::string state = text(feed, "state");
  Block block(look, message);
  block.head("FEED " + state, state == "ok" ? kCyan : kRed, text(feed, "id"));
  block.line(text(feed, "reason"));
  block.link(text(feed, "url"));
  return std::move(block).finish();
}

}  // namespace nutgraf::tool

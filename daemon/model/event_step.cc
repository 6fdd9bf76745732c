#include <charconv>

#include "daemon/model/event.h"

namespace nutgraf {
namespace {

std::string shortest(double value) {
  char digits[32];
  return {digits, std::to_chars(digits, digits + sizeof digits, value).ptr};
}

std::string needed(const EventStep& step) { return shortest(step.threshold) + " joins"; }

std::string opened(const EventStep& step) {
  if (step.nearest.empty()) return "no other is like it";
  return shortest(step.similarity) + " like " + step.nearest + ", " + needed(step);
}

std::string joined(const EventStep& step) {
  std::string words = shortest(step.similarity) + " like it, " + needed(step);
  for (const std::string& id : step.absorbed) words += "; " + id + " became part of it";
  return words;
}

std::string moved(const EventStep& step) {
  return "with all of " + step.from + ", " + step.because_of + " is like both";
}

}  // namespace

std::string in_words(const EventStep& step) {
  const bool to = step.how == EventStep::How::kMoved;
  const std::string begin =
      std::string(to_string(step.how)) + (to ? " to " : " ") + step.event_id + ": ";
  switch (step.how) {
    case EventStep::How::kOpened:
      return begin + opened(step);
    case EventStep::How::kJoined:
      return begin + joined(step);
    case EventStep::How::kMoved:
      break;
  }
  return begin + moved(step);
}

}  // namespace nutgraf

#include "daemon/poll/backoff.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "daemon/base/hash.h"

namespace nutgraf {

using std::chrono::seconds;

namespace {

seconds scaled(seconds base, double factor) {
  return seconds(std::llround(static_cast<double>(base.count()) * factor));
}

/// What would be due if no server and no limit had a say.
Delay own_delay(const PollOptions& options, const DelayFacts& facts) {
  const seconds interval = facts.own_interval.value_or(options.interval);
  if (facts.failures > 0) return {scaled(interval, std::max(1.0, facts.failures)), "backoff"};
  if (facts.own_interval || !options.adaptive) return {interval, "interval"};
  const seconds earned = adapted(interval, facts.seen_share);
  return {earned, earned == interval ? "interval" : "adaptive"};
}

void raise(Delay& delay, seconds floor, std::string_view reason) {
  if (floor > delay.wait) delay = {floor, reason};
}

}  // namespace

double weight_of(FailureClass failure) {
  switch (failure) {
    case FailureClass::kTemporary:
      return 0.25;
    case FailureClass::kSoft:
      return 0.5;
    case FailureClass::kHard:
      return 1;
  }
  return 1;
}

FailureClass failure_class(int status, NetworkFault fault) {
  switch (fault) {
    case NetworkFault::kResolve:
    case NetworkFault::kTls:
      return FailureClass::kSoft;
    case NetworkFault::kConnect:
    case NetworkFault::kTimeout:
    case NetworkFault::kBroken:
      return FailureClass::kTemporary;
    case NetworkFault::kNone:
      break;
  }
  const bool soft =
      status == 404 || status == 408 || status == 425 || status == 429 || status >= 500;
  return soft ? FailureClass::kSoft : FailureClass::kHard;
}

double phase_of(std::string_view text, std::uint64_t round) {
  const std::uint64_t bits =
      hash64(round == 0 ? std::string(text) : std::to_string(round) + '\n' + std::string(text));
  return static_cast<double>(bits >> 11) * 0x1p-53;
}

seconds adapted(seconds interval, double seen_share) {
  const double share = std::clamp(seen_share, 0.0, 1.0);
  if (share > 2.0 / 3) return scaled(interval, 3 * share - 1);
  if (share < 1.0 / 3) return scaled(interval, 0.5 + 1.5 * share);
  return interval;
}

Delay next_delay(const PollOptions& options, const DelayFacts& facts) {
  Delay delay = own_delay(options, facts);
  raise(delay, facts.server_asks, "server");
  if (facts.retry_after) raise(delay, *facts.retry_after, "retry-after");
  raise(delay, options.min_interval, "min-interval");
  const seconds longest = std::max(options.max_interval, options.min_interval);
  return delay.wait > longest ? Delay{longest, "max-interval"} : delay;
}

std::uint32_t skip_bits(const std::vector<int>& numbers, int size) {
  std::uint32_t bits = 0;
  for (const int number : numbers) {
    if (number >= 0 && number < size) bits |= std::uint32_t{1} << number;
  }
  return bits == (std::uint32_t{1} << size) - 1 ? 0 : bits;
}

Time after_skips(Time time, std::uint32_t skip_hours, std::uint32_t skip_days) {
  // 7 × 24 hours are enough to leave any combination that leaves one hour of the week.
  for (int step = 0; step < 7 * 24; ++step) {
    const auto day = std::chrono::floor<std::chrono::days>(time);
    const auto hour = std::chrono::floor<std::chrono::hours>(time);
    if ((skip_days >> std::chrono::weekday(day).c_encoding() & 1) != 0) {
      time = day + std::chrono::days(1);
    } else if ((skip_hours >> (hour - day).count() & 1) != 0) {
      time = hour + std::chrono::hours(1);
    } else {
      break;
    }
  }
  return time;
}

}  // namespace nutgraf

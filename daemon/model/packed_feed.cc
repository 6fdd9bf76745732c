#include "daemon/model/packed_feed.h"

#include <chrono>
#include <cstdint>
#include <cstring>
#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

namespace nutgraf {
namespace {

template <typename T>
concept WholeNumber = std::is_integral_v<T> || std::is_enum_v<T>;

// Each value is written as its fields in order: numbers in groups of seven bits, the lowest first,
// signs folded in; texts and lists after their length.

class Packer {
 public:
  template <typename... T>
  void operator()(const T&... values) {
    (put(values), ...);
  }
  std::string take() { return std::move(out_); }

 private:
  void number(std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) out_ += static_cast<char>(value | 0x80);
    out_ += static_cast<char>(value);
  }
  void put(std::int64_t value) {
    number(static_cast<std::uint64_t>(value) << 1 ^ static_cast<std::uint64_t>(value >> 63));
  }
  template <WholeNumber T>
  void put(const T& value) {
    put(static_cast<std::int64_t>(value));
  }
  void put(const double& value) { raw(value); }
  void put(const std::string& text) {
    number(text.size());
    out_ += text;
  }
  template <typename Rep, typename Period>
  void put(const std::chrono::duration<Rep, Period>& duration) {
    put(std::int64_t{duration.count()});
  }
  void put(const Time& time) { put(time.time_since_epoch()); }
  template <typename T>
  void put(const std::optional<T>& value) {
    put(value.has_value());
    if (value) put(*value);
  }
  template <typename A, typename B>
  void put(const std::pair<A, B>& both) {
    put(both.first);
    put(both.second);
  }
  template <typename T>
  void put(const std::vector<T>& values) {
    number(values.size());
    for (const T& value : values) put(value);
  }
  template <typename T>
  void put(const Rare<T>& rare) {
    put(rare.get() != nullptr);
    if (rare.get() != nullptr) put(*rare.get());
  }
  void put(const FeedAccess& access);
  void put(const PageSelectors& page);
  void put(const FeedHabits& habits) { raw(habits); }
  void put(const ServerWishes& wishes);

  template <typename T>
  void raw(const T& value) {
    static_assert(std::is_trivially_copyable_v<T>);
    out_.append(reinterpret_cast<const char*>(&value), sizeof value);
  }

  std::string out_;
};

class Unpacker {
 public:
  explicit Unpacker(std::string_view bytes) : left_(bytes) {}

  template <typename... T>
  void operator()(T&... values) {
    (get(values), ...);
  }

 private:
  std::uint64_t number() {
    std::uint64_t value = 0;
    for (int shift = 0;; shift += 7) {
      const auto byte = static_cast<unsigned char>(left_.front());
      left_.remove_prefix(1);
      value |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  }
  void get(std::int64_t& value) {
    const std::uint64_t folded = number();
    value = static_cast<std::int64_t>(folded >> 1) ^ -static_cast<std::int64_t>(folded & 1);
  }
  template <WholeNumber T>
  void get(T& value) {
    std::int64_t wide = 0;
    get(wide);
    value = static_cast<T>(wide);
  }
  void get(double& value) { raw(value); }
  void get(std::string& text) {
    const std::size_t size = number();
    text.assign(left_.substr(0, size));
    left_.remove_prefix(size);
  }
  template <typename Rep, typename Period>
  void get(std::chrono::duration<Rep, Period>& duration) {
    std::int64_t count = 0;
    get(count);
    duration = std::chrono::duration<Rep, Period>(count);
  }
  void get(Time& time) {
    Time::duration since{};
    get(since);
    time = Time(since);
  }
  template <typename T>
  void get(std::optional<T>& value) {
    bool there = false;
    get(there);
    if (there) get(value.emplace());
  }
  template <typename A, typename B>
  void get(std::pair<A, B>& both) {
    get(both.first);
    get(both.second);
  }
  template <typename T>
  void get(std::vector<T>& values) {
    values.resize(number());
    for (T& value : values) get(value);
  }
  template <typename T>
  void get(Rare<T>& rare) {
    bool there = false;
    get(there);
    if (there) get(rare.edit());
  }
  void get(FeedAccess& access);
  void get(PageSelectors& page);
  void get(FeedHabits& habits) { raw(habits); }
  void get(ServerWishes& wishes);

  template <typename T>
  void raw(T& value) {
    static_assert(std::is_trivially_copyable_v<T>);
    std::memcpy(&value, left_.data(), sizeof value);
    left_.remove_prefix(sizeof value);
  }

  std::string_view left_;
};

// The lists of fields, for both directions. A struct that has gained a field does not compile here
// until the field is named: a structured binding names all of them.

constexpr auto kAccess = [](auto& archive, auto& access) {
  auto& [agent, headers, auth, proxy, ca, cert, key, verify, http1] = access;
  archive(agent, headers, auth, proxy, ca, cert, key, verify, http1);
};

constexpr auto kPage = [](auto& archive, auto& page) {
  auto& [select, drop] = page;
  archive(select, drop);
};

constexpr auto kWishes = [](auto& archive, auto& wishes) {
  auto& [ttl, update_every, max_age, retry_after] = wishes;
  archive(ttl, update_every, max_age, retry_after);
};

constexpr auto kSource = [](auto& archive, auto& source) {
  auto& [id, url, name, publisher, category, tags, language, interval, full_text, keep, drop,
         access, page, allow_private] = source;
  archive(id, url, name, publisher, category, tags, language, interval, full_text, keep, drop,
          access, page, allow_private);
};

constexpr auto kState = [](auto& archive, auto& state) {
  auto& [feed_id, configured_url, url, etag, last_modified, title, first_poll, last_poll,
         last_success, last_new_item, next_poll, next_reason, last_status, last_error, failures,
         seen_share, server_asks, skip_hours, skip_days, cut_off, identity, wishes, habits, polls,
         not_modified, items, paused, health, health_since, health_reason, moved_to, moved_seen,
         moved_since] = state;
  archive(feed_id, configured_url, url, etag, last_modified, title, first_poll, last_poll,
          last_success, last_new_item, next_poll, next_reason, last_status, last_error, failures,
          seen_share, server_asks, skip_hours, skip_days, cut_off, identity, wishes, habits, polls,
          not_modified, items, paused, health, health_since, health_reason, moved_to, moved_seen,
          moved_since);
};

void Packer::put(const FeedAccess& access) { kAccess(*this, access); }
void Unpacker::get(FeedAccess& access) { kAccess(*this, access); }
void Packer::put(const PageSelectors& page) { kPage(*this, page); }
void Unpacker::get(PageSelectors& page) { kPage(*this, page); }
void Packer::put(const ServerWishes& wishes) { kWishes(*this, wishes); }
void Unpacker::get(ServerWishes& wishes) { kWishes(*this, wishes); }

template <typename Fields, typename T>
std::string packed(Fields fields, const T& value) {
  Packer packer;
  fields(packer, value);
  std::string out = packer.take();
  out.shrink_to_fit();
  return out;
}

}  // namespace

std::string pack(const FeedSource& source) { return packed(kSource, source); }
std::string pack(const FeedState& state) { return packed(kState, state); }

FeedSource unpack_source(std::string_view bytes) {
  FeedSource source;
  Unpacker unpacker(bytes);
  kSource(unpacker, source);
  return source;
}

FeedState unpack_state(std::string_view bytes) {
  FeedState state;
  Unpacker unpacker(bytes);
  kState(unpacker, state);
  return state;
}

}  // namespace nutgraf

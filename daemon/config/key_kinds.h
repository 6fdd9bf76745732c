#pragma once

#include <charconv>
#include <chrono>
#include <optional>
#include <type_traits>
#include <utility>

#include "daemon/config/keys.h"
#include "daemon/config/units.h"

/// Internal to the tables of keys: how a key of each type is read and printed.

namespace nutgraf {

using std::chrono::milliseconds;

/// A member of a section of Config, as one callable.
template <typename Section, typename Value>
struct At {
  Section Config::*section;
  Value Section::*member;
  Value& operator()(Config& config) const { return config.*section.*member; }
  const Value& operator()(const Config& config) const { return config.*section.*member; }
};
template <typename Section, typename Value>
At(Section Config::*, Value Section::*) -> At<Section, Value>;

/// A member of a feed or host.
template <typename T, typename Value>
struct Of {
  Value T::*member;
  Value& operator()(T& object) const { return object.*member; }
  const Value& operator()(const T& object) const { return object.*member; }
};
template <typename T, typename Value>
Of(Value T::*) -> Of<T, Value>;

template <typename T>
struct Optional : std::false_type {
  using Inner = T;
};
template <typename T>
struct Optional<std::optional<T>> : std::true_type {
  using Inner = T;
};

inline std::string wrong_type(const ConfigNode& node, const std::string& wanted) {
  return "is " + std::string(to_string(node.kind)) + ", not " + wanted;
}

template <typename Duration>
std::string unit_name() {
  return std::is_same_v<Duration, std::chrono::hours> ? "hours" : "seconds";
}

// Each function below makes a key of one type. `get` leads to the member.

template <typename T, typename Get>
ConfigKey<T> duration(std::string name, Get get, milliseconds low, milliseconds high,
                      const char* example) {
  using Value = std::remove_cvref_t<decltype(get(std::declval<T&>()))>;
  using Inner = typename Optional<Value>::Inner;
  constexpr bool kMayBeOff = Optional<Value>::value;
  const std::string show =
      " (e.g. \"" + std::string(example) + "\"" + (kMayBeOff ? ", or \"off\")" : ")");
  auto read = [=](T& object, const ConfigNode& node) -> std::string {
    if (node.kind == ConfigNode::Kind::kInteger) return "needs a unit: ms, s, m, h, d or w" + show;
    if (node.kind != ConfigNode::Kind::kString) return wrong_type(node, "a duration" + show);
    if constexpr (kMayBeOff) {
      if (node.text == "off") {
        get(object).reset();
        return {};
      }
    }
    const auto value = parse_duration(node.text);
    if (!value) return "is no duration: whole numbers with ms, s, m, h, d or w" + show;
    if (*value < low || *value > high) {
      return "must lie between \"" + format_duration(low) + "\" and \"" + format_duration(high) +
             "\"";
    }
    const Inner exact = std::chrono::duration_cast<Inner>(*value);
    if (exact != *value) return "must be whole " + unit_name<Inner>() + show;
    get(object) = exact;
    return {};
  };
  auto print = [=](const T& object) -> std::string {
    if constexpr (kMayBeOff) {
      return get(object) ? toml_quote(format_duration(*get(object))) : std::string();
    } else {
      return toml_quote(format_duration(get(object)));
    }
  };
  return {std::move(name), read, print};
}

template <typename T, typename Get>
ConfigKey<T> size(std::string name, Get get, std::uint64_t low, std::uint64_t high,
                  const char* example) {
  const std::string show = " (e.g. \"" + std::string(example) + "\")";
  using Value = std::remove_cvref_t<decltype(get(std::declval<T&>()))>;
  auto read = [=](T& object, const ConfigNode& node) -> std::string {
    if (node.kind == ConfigNode::Kind::kInteger) return "needs a unit: B, KiB, MiB or GiB" + show;
    if (node.kind != ConfigNode::Kind::kString) return wrong_type(node, "a size" + show);
    const auto value = parse_size(node.text);
    if (!value) return "is no size: a whole number with B, KiB, MiB or GiB" + show;
    if (*value < low || *value > high) {
      return "must lie between \"" + format_size(low) + "\" and \"" + format_size(high) + "\"";
    }
    get(object) = static_cast<Value>(*value);
    return {};
  };
  return {std::move(name), read, [=](const T& object) {
            return toml_quote(format_size(static_cast<std::uint64_t>(get(object))));
          }};
}

template <typename T, typename Get>
ConfigKey<T> integer(std::string name, Get get, std::int64_t low, std::int64_t high) {
  using Value = std::remove_cvref_t<decltype(get(std::declval<T&>()))>;
  using Inner = typename Optional<Value>::Inner;
  auto read = [=](T& object, const ConfigNode& node) -> std::string {
    if (node.kind != ConfigNode::Kind::kInteger) return wrong_type(node, "a whole number");
    if (node.integer < low || node.integer > high) {
      return "must lie between " + std::to_string(low) + " and " + std::to_string(high);
    }
    get(object) = static_cast<Inner>(node.integer);
    return {};
  };
  auto print = [=](const T& object) -> std::string {
    if constexpr (Optional<Value>::value) {
      return get(object) ? std::to_string(*get(object)) : std::string();
    } else {
      return std::to_string(get(object));
    }
  };
  return {std::move(name), read, print};
}

template <typename T, typename Get>
ConfigKey<T> boolean(std::string name, Get get) {
  auto read = [=](T& object, const ConfigNode& node) -> std::string {
    if (node.kind != ConfigNode::Kind::kBoolean) return wrong_type(node, "true or false");
    get(object) = node.boolean;
    return {};
  };
  return {std::move(name), read,
          [=](const T& object) { return std::string(get(object) ? "true" : "false"); }};
}

/// `check` says what is wrong with a text, or "".
template <typename T, typename Get>
ConfigKey<T> text(std::string name, Get get,
                  const std::function<std::string(const std::string&)>& check = {}) {
  auto read = [get, check](T& object, const ConfigNode& node) -> std::string {
    if (node.kind != ConfigNode::Kind::kString) return wrong_type(node, "a string");
    std::string problem = check ? check(node.text) : std::string();
    if (problem.empty()) get(object) = node.text;
    return problem;
  };
  return {std::move(name), read, [get](const T& object) { return toml_quote(get(object)); }};
}

template <typename T, typename Get>
ConfigKey<T> texts(std::string name, Get get,
                   const std::function<std::string(const std::string&)>& check = {}) {
  auto read = [get, check](T& object, const ConfigNode& node) -> std::string {
    if (node.kind != ConfigNode::Kind::kArray)
      return wrong_type(node, "a list of strings (e.g. [\"…\"])");
    std::vector<std::string> values;
    std::string problems;
    for (const ConfigNode& element : node.children) {
      std::string problem;
      if (element.kind != ConfigNode::Kind::kString) {
        problem = wrong_type(element, "a string");
      } else if (check) {
        problem = check(element.text);
      }
      values.push_back(element.text);
      if (problem.empty()) continue;
      problems += problems.empty() ? "has an element that " : "; and one that ";
      problems += problem;
    }
    if (problems.empty()) get(object) = std::move(values);
    return problems;
  };
  auto print = [get](const T& object) {
    std::string out;
    for (const std::string& value : get(object))
      out += (out.empty() ? "" : ", ") + toml_quote(value);
    return "[" + out + "]";
  };
  return {std::move(name), read, print};
}

/// A list of durations in whole seconds.
template <typename T, typename Get>
ConfigKey<T> durations(std::string name, Get get, milliseconds low, milliseconds high,
                       std::size_t most, const char* example) {
  struct One {
    std::chrono::seconds value{};
  };
  const ConfigKey<One> element = duration<One>(name, Of{&One::value}, low, high, example);
  auto read = [=](T& object, const ConfigNode& node) -> std::string {
    if (node.kind != ConfigNode::Kind::kArray) {
      return wrong_type(node, "a list of durations (e.g. [\"" + std::string(example) + "\"])");
    }
    if (node.children.size() > most) return "has more than " + std::to_string(most) + " elements";
    std::vector<std::chrono::seconds> values;
    for (const ConfigNode& child : node.children) {
      One one;
      std::string problem = element.read(one, child);
      if (!problem.empty()) return "has an element that " + problem;
      values.push_back(one.value);
    }
    get(object) = std::move(values);
    return {};
  };
  auto print = [get](const T& object) {
    std::string out;
    for (const std::chrono::seconds value : get(object)) {
      out += (out.empty() ? "" : ", ") + toml_quote(format_duration(value));
    }
    return "[" + out + "]";
  };
  return {std::move(name), read, print};
}

template <typename Enum>
using Choices = std::vector<std::pair<std::string_view, Enum>>;

template <typename T, typename Get, typename Enum>
ConfigKey<T> choice(std::string name, Get get, Choices<Enum> choices) {
  std::string list;
  for (const auto& [label, value] : choices) {
    list += (list.empty() ? "\"" : ", \"") + std::string(label) + "\"";
  }
  auto read = [=](T& object, const ConfigNode& node) -> std::string {
    if (node.kind != ConfigNode::Kind::kString) return wrong_type(node, "one of " + list);
    for (const auto& [label, value] : choices) {
      if (label == node.text) {
        get(object) = value;
        return {};
      }
    }
    return "is \"" + node.text + "\", not one of " + list;
  };
  auto print = [=](const T& object) {
    for (const auto& [label, value] : choices) {
      if (value == get(object)) return toml_quote(label);
    }
    return std::string();
  };
  return {std::move(name), read, print};
}

// Texts that keys of more than one table hold. Each says what is wrong, or "".

inline std::string check_not_empty(const std::string& value) {
  return value.empty() ? "is empty" : std::string();
}

/// A User-Agent: what could smuggle in another header is refused.
std::string check_agent(const std::string& value);
/// "", or a proxy as FeedAccess has it, but for "off".
std::string check_proxy(const std::string& value);

/// The keys of FeedAccess.
void add_access_keys(std::vector<ConfigKey<FeedSource>>& keys);

}  // namespace nutgraf

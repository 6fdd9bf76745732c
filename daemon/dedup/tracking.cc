#include "daemon/dedup/tracking.h"

#include <algorithm>
#include <string>
#include <vector>

#include "daemon/base/ascii.h"

namespace nutgraf {
namespace {

/// The data file, as CMake quoted it.
constexpr std::string_view kRules =
#include "tracking_parameters.inc"
    ;

struct Rules {
  std::vector<std::string> names;     ///< Sorted, as all of them.
  std::vector<std::string> prefixes;  ///< Without the '*'.
  std::vector<std::string> on_host;   ///< "host name"
  std::vector<std::string> kept;      ///< "host name"
};

void add_rule(std::string_view line, Rules& rules) {
  line = line.substr(0, line.find('#'));
  const std::size_t begin = line.find_first_not_of(" \t\r");
  if (begin == std::string_view::npos) return;
  std::string rule = to_lower(line.substr(begin, line.find_last_not_of(" \t\r") + 1 - begin));
  if (rule[0] == '@') {
    rules.on_host.push_back(rule.substr(1));
  } else if (rule[0] == '!') {
    rules.kept.push_back(rule.substr(1));
  } else if (rule.back() == '*') {
    rule.pop_back();
    rules.prefixes.push_back(std::move(rule));
  } else {
    rules.names.push_back(std::move(rule));
  }
}

Rules parse_rules(std::string_view text) {
  Rules rules;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    add_rule(text.substr(0, end), rules);
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
  }
  for (auto* list : {&rules.names, &rules.prefixes, &rules.on_host, &rules.kept}) {
    std::sort(list->begin(), list->end());
  }
  return rules;
}

bool holds(const std::vector<std::string>& list, std::string_view wanted) {
  return std::binary_search(list.begin(), list.end(), wanted, std::less<>());
}

/// Whether `list` has the name for the host or a domain above it.
bool holds_for_host(const std::vector<std::string>& list, std::string_view host,
                    std::string_view name) {
  while (!host.empty()) {
    if (holds(list, std::string(host) + ' ' + std::string(name))) return true;
    const std::size_t dot = host.find('.');
    if (dot == std::string_view::npos) return false;
    host.remove_prefix(dot + 1);
  }
  return false;
}

}  // namespace

bool is_tracking_parameter(std::string_view host, std::string_view name) {
  static const Rules rules = parse_rules(kRules);
  const std::string folded = to_lower(name);
  const bool known = holds(rules.names, folded) ||
                     std::any_of(rules.prefixes.begin(), rules.prefixes.end(),
                                 [&](const std::string& p) { return folded.starts_with(p); });
  if (known) return !holds_for_host(rules.kept, host, folded);
  return holds_for_host(rules.on_host, host, folded);
}

}  // namespace nutgraf

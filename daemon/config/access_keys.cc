// The keys of a [[feed]] that say how its server is asked.
#include <algorithm>
#include <array>

#include "daemon/base/ascii.h"
#include "daemon/base/port.h"
#include "daemon/config/key_kinds.h"

namespace nutgraf {
namespace {

using Kind = ConfigNode::Kind;
using Header = std::pair<std::string, std::string>;

/// Headers that are ours, and what to do instead.
struct Taken {
  std::string_view name;  ///< Lower-case; with a '*' at its end: whatever begins so.
  std::string_view why;
};

constexpr std::array kTaken{
    Taken{"host", "it follows from url"},
    Taken{"user-agent", "write it as user_agent"},
    Taken{"accept-encoding", "bodies come in what nutgraf can undo"},
    Taken{"range", "a feed is read whole"},
    Taken{"if-*", "conditional requests are made from what the server said"},
    Taken{"connection", "it is about the connection, not the feed"},
    Taken{"keep-alive", "it is about the connection, not the feed"},
    Taken{"proxy-*", "it is about the proxy, not the feed"},
    Taken{"te", "it is about the connection, not the feed"},
    Taken{"trailer", "it is about the connection, not the feed"},
    Taken{"transfer-encoding", "it is about the connection, not the feed"},
    Taken{"content-length", "a request has no body"},
    Taken{"upgrade", "it is about the connection, not the feed"},
    Taken{"http2-settings", "it is about the connection, not the feed"},
    Taken{"expect", "a request has no body"},
};

/// [RFC 9110, section 5.6.2]
bool is_token(std::string_view name) {
  constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
  return !name.empty() && std::all_of(name.begin(), name.end(), [&](char c) {
    return is_alnum(c) || kMarks.find(c) != std::string_view::npos;
  });
}

std::string check_header(const std::string& name, const std::string& value) {
  const std::string quoted = "\"" + name + "\"";
  if (!is_token(name)) return "has " + quoted + ", which is no name of a header (e.g. \"X-Key\")";
  const std::string lower = to_lower(name);
  for (const Taken& taken : kTaken) {
    const bool begins = taken.name.ends_with('*');
    const std::string_view stem = taken.name.substr(0, taken.name.size() - (begins ? 1 : 0));
    if (begins ? !lower.starts_with(stem) : lower != stem) continue;
    return "cannot set " + quoted + ": " + std::string(taken.why);
  }
  const bool from_file = value.size() > 1 && value.front() == '@';
  if (lower == "cookie" && !from_file) {
    return "has a Cookie in the open: put it into a file and write \"@/path\", or \"@name\" of a "
           "systemd credential";
  }
  if (value.empty() || value == "@") return "has no value for " + quoted;
  if (!is_field_value(value)) {
    return "has a line break or control character in the value of " + quoted;
  }
  return {};
}

std::string read_headers(const ConfigNode& node, std::vector<Header>& out) {
  constexpr std::string_view kExample =
      "{ Accept-Language = \"de\", X-Key = \"@name-of-a-credential\" }";
  if (node.kind != Kind::kTable) {
    return wrong_type(node, "a table (e.g. " + std::string(kExample) + ")");
  }
  for (const ConfigNode& child : node.children) {
    if (child.kind != Kind::kString) {
      return "has \"" + child.key + "\", which " + wrong_type(child, "a string");
    }
    std::string problem = check_header(child.key, child.text);
    if (!problem.empty()) return problem;
    const bool twice = std::any_of(out.begin(), out.end(), [&](const Header& header) {
      return equals_ignoring_case(header.first, child.key);
    });
    if (twice) return "has \"" + child.key + "\" twice; case makes no difference";
    out.emplace_back(child.key, child.text);
  }
  return {};
}

ConfigKey<FeedSource> headers_key() {
  auto read = [](FeedSource& feed, const ConfigNode& node) {
    std::vector<Header> headers;
    std::string problem = read_headers(node, headers);
    if (problem.empty()) feed.access.edit().headers = std::move(headers);
    return problem;
  };
  auto print = [](const FeedSource& feed) {
    std::string out;
    for (const auto& [name, value] : feed.access.value().headers) {
      out += (out.empty() ? " " : ", ") + toml_quote(name) + " = " + toml_quote(value);
    }
    return "{" + out + (out.empty() ? "}" : " }");
  };
  return {"headers", read, print};
}

/// A member of FeedAccess, as one callable.
template <typename Value>
struct InAccess {
  Value FeedAccess::*member;
  Value& operator()(FeedSource& feed) const { return feed.access.edit().*member; }
  Value operator()(const FeedSource& feed) const { return feed.access.value().*member; }
};
template <typename Value>
InAccess(Value FeedAccess::*) -> InAccess<Value>;

std::string check_agent_or_none(const std::string& value) {
  return value.empty() ? std::string() : check_agent(value);
}

std::string check_proxy_or_off(const std::string& value) {
  return value == "off" ? std::string() : check_proxy(value);
}

}  // namespace

bool is_field_value(std::string_view value) {
  return std::none_of(value.begin(), value.end(),
                      [](unsigned char c) { return (c < ' ' && c != '\t') || c == 0x7f; });
}

std::string check_agent(const std::string& value) {
  if (value.empty()) return "is empty";
  return is_field_value(value) ? std::string() : "has a line break or control character";
}

std::string check_proxy(const std::string& value) {
  constexpr std::string_view kExample = " (e.g. \"http://proxy.example:3128\")";
  if (value.empty()) return {};
  std::string_view rest = value;
  if (rest.starts_with("http://")) {
    rest.remove_prefix(7);
  } else if (rest.starts_with("socks5h://")) {
    rest.remove_prefix(10);
  } else {
    return "is \"" + value +
           "\", not http://host:port or socks5h://host:port (socks5h, so that the "
           "proxy looks names up)";
  }
  if (rest.ends_with('/')) rest.remove_suffix(1);
  if (rest.find('@') != std::string_view::npos) {
    return "has a user before its host; proxies that ask for a password are not supported";
  }
  const auto colon = rest.rfind(':');
  const std::string_view host = rest.substr(0, std::min(colon, rest.size()));
  const bool literal = host.starts_with('[') && host.ends_with(']');
  const bool good_host = !host.empty() && host.find_first_of("/?# \t\r\n\\%") == host.npos &&
                         (literal || host.find_first_of("[]:") == host.npos);
  const bool has_port =
      colon != std::string_view::npos && parse_port(rest.substr(colon + 1)).value_or(0) > 0;
  if (good_host && has_port) return {};
  return "is \"" + value + "\", which lacks a host or a port" + std::string(kExample);
}

void add_access_keys(std::vector<ConfigKey<FeedSource>>& keys) {
  using Feed = FeedSource;
  keys.push_back(text<Feed>("user_agent", InAccess{&FeedAccess::user_agent}, check_agent_or_none));
  keys.push_back(headers_key());
  keys.push_back(text<Feed>("auth_file", InAccess{&FeedAccess::auth_file}));
  keys.push_back(text<Feed>("proxy", InAccess{&FeedAccess::proxy}, check_proxy_or_off));
  keys.push_back(text<Feed>("ca_file", InAccess{&FeedAccess::ca_file}));
  keys.push_back(text<Feed>("client_cert", InAccess{&FeedAccess::client_cert}));
  keys.push_back(text<Feed>("client_key", InAccess{&FeedAccess::client_key}));
  keys.push_back(boolean<Feed>("tls_verify", InAccess{&FeedAccess::tls_verify}));
  keys.push_back(choice<Feed>("http_version", InAccess{&FeedAccess::http1_only},
                              Choices<bool>{{"auto", false}, {"1.1", true}}));
}

}  // namespace nutgraf

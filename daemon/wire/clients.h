#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace nutgraf {

/// Who may read what, where the wire is encrypted. [docs/protocol.md, "Keys"]
struct WireClient {
  std::string name;                 ///< For logs and for the connection: [a-z0-9_-]+.
  std::string key;                  ///< Public, 40 characters of Z85; of one client only.
  std::vector<std::string> topics;  ///< Prefixes that it may have; "" is every topic.
};

/// What the wire is given to encrypt and to decide; nothing where it is open to everyone.
struct WireSecurity {
  std::string secret_key;  ///< Of the server, Z85; empty: no CURVE.
  std::vector<WireClient> clients;

  bool encrypted() const { return !secret_key.empty(); }
};

/// The clients, for look-up by key when one connects and by name at whatever it does then. Pure;
/// one thread at a time.
class ClientTable {
 public:
  explicit ClientTable(const std::vector<WireClient>& clients);

  /// nullptr: not one of ours. Valid for as long as the table.
  const std::string* name_of(std::string_view key) const;

  /// Prefixes that the client may have; nullptr: it has been revoked.
  const std::vector<std::string>* topics_of(std::string_view name) const;

 private:
  std::map<std::string, std::string, std::less<>> names_;                // By key.
  std::map<std::string, std::vector<std::string>, std::less<>> topics_;  // By name.
};

/// What a client gets that subscribes to `wanted`: itself where it lies within an allowed prefix or
/// begins with '$', else those allowed prefixes that lie within it; topics of '$' lie within "".
/// Empty: nothing of that is for it.
std::vector<std::string> granted(const std::vector<std::string>& allowed, std::string_view wanted);

/// Whether all topics that begin with `prefix` are allowed.
bool covers(const std::vector<std::string>& allowed, std::string_view prefix);

}  // namespace nutgraf

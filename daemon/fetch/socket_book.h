#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace nutgraf {

/// The sockets of one client of libcurl: how many there are, and which of them a request is about
/// to go out on. libcurl 7.88 names neither end's socket of a kept connection, only its addresses.
/// One thread.
class SocketBook {
 public:
  /// The two ends of a connection, as CURLOPT_PREREQFUNCTION tells them.
  static std::uint64_t ends(std::string_view remote, int remote_port, std::string_view local,
                            int local_port);

  void opened() { ++opened_; }
  void closed(int socket);

  /// One of `candidates` is what has been connected; the one that is bound to `local_port`.
  void connected(std::uint64_t ends, const std::vector<int>& candidates, int local_port);

  /// Whether bytes wait on a connection before its next request has gone out: an answer to nothing,
  /// which would be taken for the answer to that request (RFC 9112, section 9.2: the client must
  /// not use it), or the farewell of a server that closes. False if the connection is not known.
  bool has_input(std::uint64_t ends) const;

  /// Bytes that have been read from a connection since it was made, those of TLS and of all framing
  /// included. Two system calls. None if the connection is not known, or has been closed.
  std::optional<std::uint64_t> read_from(std::uint64_t ends) const;

  std::size_t ever_opened() const { return opened_; }

  /// Open sockets, but for one for each of `busy` transfers.
  std::size_t idle(std::size_t busy) const;

 private:
  std::size_t opened_ = 0;
  std::size_t closed_ = 0;
  std::unordered_map<std::uint64_t, int> socket_of_;
  std::unordered_map<int, std::uint64_t> ends_of_;
};

}  // namespace nutgraf

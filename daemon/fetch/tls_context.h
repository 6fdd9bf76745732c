#pragma once

#include <cstddef>

namespace nutgraf {

/// What a turn of libcurl's work may read over TLS. By itself it stops behind 1.6 MB of HTTP/1.1,
/// and of HTTP/2 behind the first piece of a body; but of frames that are no part of one (PING,
/// SETTINGS, empty DATA) it reads on for as long as they come.
inline constexpr std::size_t kMostOfTurn = 2 << 20;

/// What has been read over TLS since libcurl last came back from a transfer. One thread.
struct TlsTurn {
  std::size_t bytes = 0;
  const void* cut = nullptr;  ///< The connection (an SSL*) that was ended for kMostOfTurn.
};

/// Makes sure that libcurl comes back, timeouts and other transfers get their turn, whatever a
/// server sends: the connections of `context`, an SSL_CTX*, end where a turn reads more than
/// kMostOfTurn; and OpenSSL returns behind each record, where by itself it would read session
/// tickets for as long as they come. `turn` must outlive the connections.
void bound_turns(void* context, TlsTurn& turn);

}  // namespace nutgraf

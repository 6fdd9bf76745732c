#include "daemon/fetch/tls_context.h"

#include <openssl/ssl.h>

#include <cstdint>

namespace nutgraf {
namespace {

/// Called with the five bytes before each record.
void on_message(int is_ours, int, int type, const void* bytes, std::size_t size, SSL* tls,
                void* data) {
  if (is_ours != 0 || type != SSL3_RT_HEADER || size < SSL3_RT_HEADER_LENGTH) return;
  TlsTurn& turn = *static_cast<TlsTurn*>(data);
  const auto* const header = static_cast<const std::uint8_t*>(bytes);
  turn.bytes += SSL3_RT_HEADER_LENGTH + (std::size_t{header[3]} << 8) + header[4];
  if (turn.bytes <= kMostOfTurn) return;
  turn.cut = tls;
  SSL_set_shutdown(tls, SSL_RECEIVED_SHUTDOWN);  // The next read finds the end.
}

}  // namespace

void bound_turns(void* context, TlsTurn& turn) {
  auto* const tls = static_cast<SSL_CTX*>(context);
  SSL_CTX_clear_mode(tls, SSL_MODE_AUTO_RETRY);
  SSL_CTX_set_msg_callback(tls, on_message);
  SSL_CTX_set_msg_callback_arg(tls, &turn);
}

}  // namespace nutgraf

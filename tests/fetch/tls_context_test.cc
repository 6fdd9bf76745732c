#include "daemon/fetch/tls_context.h"

#include <gtest/gtest.h>
#include <openssl/ssl.h>

#include <memory>

#include "tests/fetch/child_server.h"

namespace nutgraf {
namespace {

struct Free {
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  void operator()(SSL* tls) const { SSL_free(tls); }
};
template <typename T>
using Owned = std::unique_ptr<T, Free>;

/// Both ends of a connection, with memory between them.
struct Ends {
  Ends(SSL_CTX* client_context, SSL_CTX* server_context)
      : client(SSL_new(client_context)), server(SSL_new(server_context)) {
    BIO* const there = BIO_new(BIO_s_mem());
    BIO* const back = BIO_new(BIO_s_mem());
    for (BIO* way : {there, back}) {
      BIO_set_mem_eof_return(way, -1);
      BIO_up_ref(way);
    }
    SSL_set_bio(client.get(), back, there);
    SSL_set_bio(server.get(), there, back);
    SSL_set_connect_state(client.get());
    SSL_set_accept_state(server.get());
  }

  Owned<SSL> client;
  Owned<SSL> server;
};

TEST(TlsContext, AReadReturnsBeforeTheLastTicket) {
  Certificates certificates;
  if (!certificates.make("server", "DNS:a.example")) GTEST_SKIP() << "no openssl(1)";
  const Owned<SSL_CTX> server(SSL_CTX_new(TLS_server_method()));
  const Owned<SSL_CTX> client(SSL_CTX_new(TLS_client_method()));
  SSL_CTX_use_certificate_file(server.get(), certificates.certificate("server").c_str(),
                               SSL_FILETYPE_PEM);
  SSL_CTX_use_PrivateKey_file(server.get(), certificates.key("server").c_str(), SSL_FILETYPE_PEM);
  SSL_CTX_set_num_tickets(server.get(), 100);
  TlsTurn turn;
  bound_turns(client.get(), turn);
  const Ends ends(client.get(), server.get());
  SSL_do_handshake(ends.client.get());
  SSL_do_handshake(ends.server.get());
  ASSERT_EQ(SSL_do_handshake(ends.client.get()), 1);
  ASSERT_EQ(SSL_do_handshake(ends.server.get()), 1);
  BIO* const on_the_way = SSL_get_rbio(ends.client.get());
  const auto said = BIO_ctrl_pending(on_the_way);
  char byte = 0;
  const int read = SSL_read(ends.client.get(), &byte, 1);
  EXPECT_EQ(SSL_get_error(ends.client.get(), read), SSL_ERROR_WANT_READ);
  EXPECT_GT(BIO_ctrl_pending(on_the_way), said / 2);
}

}  // namespace
}  // namespace nutgraf

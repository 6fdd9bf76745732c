#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "tests/fetch/child_server.h"
#include "tests/fetch/fetching.h"

namespace nutgraf {
namespace {

/// `openssl s_server` on the loopback interface, with a certificate for 127.0.0.1 that it signed
/// itself. It answers every GET with a page about the connection.
class Tls : public Fetching {
 protected:
  void SetUp() override {
    if (!run_command("command -v openssl"))
      GTEST_SKIP() << "no openssl(1), which is the server here";
    ASSERT_TRUE(certificates.make("server", "IP:127.0.0.1"));
    server = ChildServer::start("openssl s_server -www -accept 127.0.0.1:0 -cert " +
                                    certificates.certificate("server") + " -key " +
                                    certificates.key("server"),
                                "ACCEPT ");
    ASSERT_NE(server, nullptr) << "openssl(1) does not serve";
  }

  /// Gets the server's page, trusting `ca_file` ("" for what the system trusts).
  HttpResponse get_page(const std::string& host, const std::string& ca_file) {
    CurlClient one(clock, {.ca_file = ca_file});
    return get_page(one, host + ':' + server->port());
  }
  HttpResponse get_page(CurlClient& of, const std::string& authority) {
    HttpRequest wanted = request("/");
    wanted.url = "https://" + authority + '/';
    of.start(std::move(wanted));
    std::vector<HttpResponse> done;
    for (int rounds = 0; done.empty() && rounds < 1'000; ++rounds) {
      done = of.wait(std::chrono::seconds(1));
    }
    return std::move(done.at(0));
  }

  Certificates certificates;
  std::unique_ptr<ChildServer> server;
};

void expect_tls_fault(const HttpResponse& response) {
  ASSERT_TRUE(response.error);
  EXPECT_EQ(response.error->code, ErrorCode::kTransient) << response.error->message;
  EXPECT_EQ(response.fault, NetworkFault::kTls) << response.error->message;
  EXPECT_EQ(response.status, 0);
  EXPECT_EQ(response.body, "");
}

TEST_F(Tls, ASelfSignedCertificateIsATlsFault) { expect_tls_fault(get_page("127.0.0.1", "")); }

TEST_F(Tls, ItIsAcceptedIfTheOperatorTrustsIt) {
  const HttpResponse response = get_page("127.0.0.1", certificates.certificate("server"));
  EXPECT_FALSE(response.error) << response.error->message;
  EXPECT_EQ(response.status, 200);
  EXPECT_NE(response.body, "");
}

TEST_F(Tls, ACertificateForAnotherHostIsATlsFault) {
  expect_tls_fault(get_page("localhost", certificates.certificate("server")));
}

/// A server that says what it has to say as fast as it is read.
class TlsFlood : public Tls {
 protected:
  std::unique_ptr<ChildServer> flood(const std::string& what) const {
    return ChildServer::start("python3 " NUTGRAF_TEST_DIR "/fetch/flood.py " +
                                  certificates.certificate("server") + " " +
                                  certificates.key("server") + " " + what,
                              "PORT ");
  }
  HttpResponse get_from(const std::string& what) {
    server = flood(what);
    EXPECT_NE(server, nullptr);
    if (!server) return {};
    return get_page("127.0.0.1", certificates.certificate("server"));
  }
};

TEST_F(TlsFlood, TicketsEndAtALimitAndNotWithTheServersLast) {
  EXPECT_EQ(get_from("2").body, "tickets=2");
  const HttpResponse response = get_from("40000");
  ASSERT_TRUE(response.error) << response.body;
  EXPECT_EQ(response.error->code, ErrorCode::kTooLarge) << response.error->message;
}

/// libcurl reads on for as long as they come, and would never come back to its timeouts.
TEST_F(TlsFlood, PingsWithoutEndHaveOne) {
  const HttpResponse response = get_from("pings");
  ASSERT_TRUE(response.error);
  EXPECT_EQ(response.error->code, ErrorCode::kTooLarge) << response.error->message;
}

/// What ended it is forgotten with its connection: the next one may lie where it lay in memory.
TEST_F(TlsFlood, AHandshakeWithoutEndHasOneAndIsHeldAgainstNobodyElse) {
  const auto endless = flood("hello");
  ASSERT_NE(endless, nullptr);
  CurlClient one(clock, {.ca_file = certificates.certificate("server")});
  for (int i = 0; i < 3; ++i) {
    EXPECT_TRUE(get_page(one, "127.0.0.1:" + endless->port()).error);
    const HttpResponse response = get_page(one, "127.0.0.1:" + server->port());
    EXPECT_FALSE(response.error) << response.error->message;
  }
}

TEST_F(TlsFlood, ABodyNearlyAsLargeAsItMayBeArrives) {
  for (const char* protocol : {"http/1.1", "h2"}) {
    const HttpResponse response = get_from(protocol);
    EXPECT_FALSE(response.error) << protocol << ": " << response.error->message;
    EXPECT_EQ(response.body.size(), 8'000'000u) << protocol;
  }
}

using NoTls = Fetching;

TEST_F(NoTls, AServerThatShakesNoHandsIsAConnectFault) {
  HttpRequest wanted = request("/");  // The newsroom waits for the end of a request in plain HTTP.
  wanted.url = "https://127.0.0.1:" + std::to_string(room->port()) + "/";
  wanted.connect_timeout = std::chrono::milliseconds(300);
  const HttpResponse response = get(wanted);
  ASSERT_TRUE(response.error);
  EXPECT_EQ(response.error->code, ErrorCode::kTransient);
  EXPECT_EQ(response.fault, NetworkFault::kConnect) << response.error->message;
}

}  // namespace
}  // namespace nutgraf

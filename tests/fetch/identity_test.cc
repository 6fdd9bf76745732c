// TLS options and proxies of one request: what they do, and that no other request gets its
// connection.
#include <gmock/gmock.h>

#include "daemon/fetch/destination.h"
#include "tests/fetch/child_server.h"
#include "tests/fetch/fetching.h"

namespace nutgraf {
namespace {

using ::testing::HasSubstr;

class Identity : public Fetching {
 protected:
  void SetUp() override {
    if (!run_command("command -v openssl"))
      GTEST_SKIP() << "no openssl(1), which makes the certificates";
    if (!run_command("command -v python3"))
      GTEST_SKIP() << "no python3(1), which is the server here";
    ASSERT_TRUE(certificates.make("server", "IP:127.0.0.1,DNS:news.example"));
    ASSERT_TRUE(certificates.make("reader", "DNS:reader.example"));
  }

  std::unique_ptr<ChildServer> mirror(const std::string& options) const {
    return ChildServer::start("python3 " NUTGRAF_TEST_DIR "/fetch/mirror.py " + options, "PORT ");
  }
  std::unique_ptr<ChildServer> tls_mirror() const {
    return mirror("--tls " + pair() + " --clients " + certificates.certificate("reader"));
  }
  std::string pair() const {
    return certificates.certificate("server") + " " + certificates.key("server");
  }
  HttpRequest request_to(const std::string& url) const {
    HttpRequest wanted = request("/");
    wanted.url = url;
    return wanted;
  }
  HttpRequest tls_request(const ChildServer& server, const std::string& path = "/") const {
    return request_to("https://127.0.0.1:" + server.port() + path);
  }
  OriginOptions trusting() const { return {.ca_file = certificates.certificate("server")}; }
  OriginOptions as_reader() const {
    OriginOptions own = trusting();
    own.client_cert = certificates.certificate("reader");
    own.client_key = certificates.key("reader");
    return own;
  }

  Certificates certificates;
};

std::string problem_of(const HttpResponse& response) {
  return response.error ? response.error->message : "";
}

TEST_F(Identity, AConnectionIsKeptForItsOwnTlsOptionsOnly) {
  const auto server = tls_mirror();
  ASSERT_NE(server, nullptr);
  HttpRequest trusts = tls_request(*server);
  trusts.own = trusting();
  HttpRequest careless = tls_request(*server);
  careless.own.tls_verify = false;
  const HttpRequest strict = tls_request(*server);

  EXPECT_THAT(get(trusts).body, HasSubstr("connection=1\n"));
  EXPECT_THAT(get(trusts).body, HasSubstr("connection=1\n"));
  EXPECT_THAT(get(careless).body, HasSubstr("connection=2\n"));
  EXPECT_EQ(get(strict).fault, NetworkFault::kTls);
  EXPECT_THAT(get(trusts).body, HasSubstr("connection=1\n"));
  EXPECT_THAT(get(careless).body, HasSubstr("connection=2\n"));
}

TEST_F(Identity, AClientCertificateIsShownForItsOwnRequestsOnly) {
  const auto server = tls_mirror();
  ASSERT_NE(server, nullptr);
  HttpRequest known = tls_request(*server);
  known.own = as_reader();
  HttpRequest unknown = tls_request(*server);
  unknown.own = trusting();

  EXPECT_THAT(get(known).body, HasSubstr("client=reader\n"));
  EXPECT_THAT(get(unknown).body, HasSubstr("client=-\n"));
  EXPECT_THAT(get(known).body, HasSubstr("client=reader\n"));
  known.own.client_key = certificates.key("server");
  known.own.client_cert = certificates.key("reader");
  EXPECT_EQ(get(known).fault, NetworkFault::kTls);
}

TEST_F(Identity, NothingOfItFollowsARedirectToAnotherOrigin) {
  const auto server = tls_mirror();
  const auto other = tls_mirror();
  ASSERT_TRUE(server != nullptr && other != nullptr);
  const std::string away = "/to?https://127.0.0.1:" + other->port() + "/";
  HttpRequest known = tls_request(*server, away);
  known.own = as_reader();
  known.own.userpwd = "user:secret";
  known.own.headers = {{"X-Key", "secret"}};
  EXPECT_EQ(get(known).fault, NetworkFault::kTls);  // Its certificates vouch for one server only.

  HttpRequest careless = tls_request(*server, away);
  careless.own.tls_verify = false;
  EXPECT_EQ(get(careless).fault, NetworkFault::kTls);

  CurlClient trusts_both(clock, {.ca_file = certificates.certificate("server")});
  trusts_both.start(known);
  std::vector<HttpResponse> done;
  while (done.empty()) done = trusts_both.wait(std::chrono::seconds(1));
  EXPECT_THAT(done[0].body, HasSubstr("client=-\nauthorization=-\nkey=-\n")) << problem_of(done[0]);
}

TEST_F(Identity, ARedirectWithinTheOriginKeepsAllOfIt) {
  const auto server = tls_mirror();
  ASSERT_NE(server, nullptr);
  HttpRequest known = tls_request(*server, "/to?/here");
  known.own = as_reader();
  known.own.userpwd = "user:secret";
  known.own.headers = {{"X-Key", "secret"}};
  EXPECT_THAT(get(known).body,
              HasSubstr("client=reader\nauthorization=Basic dXNlcjpzZWNyZXQ=\nkey=secret\n"));
}

/// The newsroom serves what it is asked for whole: put under the whole URL, it is a proxy.
class Proxies : public Identity {
 protected:
  HttpRequest proxied(const std::string& url, const std::string& proxy) const {
    HttpRequest wanted = request_to(url);
    wanted.proxy = proxy;
    wanted.allow_private = false;
    return wanted;
  }
};

TEST_F(Proxies, AnHttpProxyIsAskedForTheWholeUrlWhereverItStands) {
  room->put("http://news.example/feed", {.body = "from afar"});
  setenv("no_proxy", "news.example", 1);
  const HttpResponse response = get(proxied("http://news.example/feed", room->url("")));
  unsetenv("no_proxy");
  EXPECT_EQ(response.body, "from afar") << problem_of(response);
  EXPECT_EQ(room->requests("http://news.example/feed").at(0).header("Host"), "news.example");
}

TEST_F(Proxies, ATunnelIsVerifiedToItsEndAndCarriesSecretsInsideOnly) {
  const auto proxy = mirror("--connect " + pair());
  ASSERT_NE(proxy, nullptr);
  HttpRequest wanted = proxied("https://news.example/feed", "http://127.0.0.1:" + proxy->port());
  EXPECT_EQ(get(wanted).fault, NetworkFault::kTls);
  wanted.own = trusting();
  wanted.own.userpwd = "user:secret";
  wanted.own.headers = {{"X-Key", "secret"}};
  const HttpResponse response = get(wanted);
  EXPECT_THAT(response.body, HasSubstr("to=news.example:443\n")) << problem_of(response);
  EXPECT_THAT(response.body, HasSubstr("connect-headers=Host,Proxy-Connection,User-Agent\n"));
  EXPECT_THAT(response.body, HasSubstr("authorization=Basic dXNlcjpzZWNyZXQ=\nkey=secret\n"));
  EXPECT_EQ(response.etag, "");  // The proxy's own is not the feed's.
}

TEST_F(Proxies, WhatAProxyAnswersIsNotTheServersAnswer) {
  const auto proxy = mirror("--connect " + pair());
  ASSERT_NE(proxy, nullptr);
  const HttpResponse response =
      get(proxied("https://refused.example/feed", "http://127.0.0.1:" + proxy->port()));
  ASSERT_TRUE(response.error);
  EXPECT_THAT(response.error->message, HasSubstr("403"));
  EXPECT_EQ(response.error->code, ErrorCode::kTransient);
  EXPECT_EQ(response.status, 0);
}

TEST_F(Proxies, Socks5hLeavesTheLookUpToTheProxy) {
  const auto proxy = mirror("--socks");
  ASSERT_NE(proxy, nullptr);
  const HttpResponse response =
      get(proxied("http://news.example:8080/feed", "socks5h://127.0.0.1:" + proxy->port()));
  EXPECT_THAT(response.body, HasSubstr("to=news.example:8080\nconnect-headers=-\npath=/feed\n"))
      << problem_of(response);
}

TEST_F(Proxies, AConnectionIsKeptForItsOwnProxyOnly) {
  const auto other = Newsroom::start();
  const std::string url = room->url("/feed");
  room->put("/feed", {.body = "direct"});
  room->put(url, {.body = "by proxy"});
  other->put(url, {.body = "by another"});
  HttpRequest direct = request("/feed");
  HttpRequest by_proxy = direct;
  by_proxy.proxy = room->url("");
  HttpRequest by_another = direct;
  by_another.proxy = other->url("");
  for (int round = 0; round < 2; ++round) {
    EXPECT_EQ(get(direct).body, "direct");
    EXPECT_EQ(get(by_proxy).body, "by proxy");
    EXPECT_EQ(get(by_another).body, "by another");
  }
  EXPECT_EQ(room->connections(), 2u);
  EXPECT_EQ(other->connections(), 1u);
}

TEST_F(Proxies, NoPrivateHostIsAskedForThroughThem) {
  for (const char* host :
       {"127.0.0.1", "10.1.2.3", "192.168.0.1", "169.254.169.254", "2130706433", "0x7f.1", "0177.1",
        "127.1", "[::1]", "[::ffff:10.0.0.1]", "[fd00::1]", "localhost", "router"}) {
    const HttpResponse response =
        get(proxied("http://" + std::string(host) + "/feed", room->url("")));
    ASSERT_TRUE(response.error) << host;
    EXPECT_EQ(response.error->code, ErrorCode::kRefused) << host;
  }
  EXPECT_EQ(room->connections(), 0u);
}

TEST_F(Proxies, ARedirectDoesNotLeadThemToAPrivateHost) {
  room->put("http://127.0.0.1/admin", {.body = "secret"});
  room->redirect("http://news.example/feed", "http://127.0.0.1/admin");
  const HttpResponse response = get(proxied("http://news.example/feed", room->url("")));
  ASSERT_TRUE(response.error);
  EXPECT_EQ(response.error->code, ErrorCode::kRefused);
  EXPECT_EQ(room->hits("http://127.0.0.1/admin"), 0u);
}

TEST_F(Proxies, AProxyThatIsNotThereIsAConnectFault) {
  std::string gone;
  {
    const auto closed = Newsroom::start();
    gone = closed->url("");
  }
  EXPECT_EQ(get(proxied("http://news.example/feed", gone)).fault, NetworkFault::kConnect);
  EXPECT_EQ(get(proxied("https://news.example/feed", gone)).fault, NetworkFault::kConnect);
}

TEST(PublicDestination, IsJudgedByTheHostAsItIsWritten) {
  for (const char* url :
       {"http://news.example/", "https://news.example.:443/x?http://127.0.0.1", "http://1.1.1.1/",
        "http://[2606:4700::1111]/", "http://16843009/", "http://xn--bcher-kva.example/",
        "http://127.0.0.1.example/", "http://10.example/"}) {
    EXPECT_TRUE(is_public_destination(url)) << url;
  }
  for (const char* url : {"",
                          "http://",
                          "http://127.0.0.1/",
                          "http://127.0.0.1./",
                          "http://127.1/",
                          "http://2130706433/",
                          "http://0x7f000001/",
                          "http://0x7f.0.0.1/",
                          "http://017700000001/",
                          "http://0/",
                          "http://0.0.0.0/",
                          "http://[::]/",
                          "http://[::1]/",
                          "http://[::ffff:127.0.0.1]/",
                          "http://[::ffff:7f00:1]/",
                          "http://[64:ff9b::10.0.0.1]/",
                          "http://[2002:7f00:1::]/",
                          "http://[fe80::1%25eth0]/",
                          "http://192.0.2.1/",
                          "http://999.1.1.1/",
                          "http://1.2.3.4.5/",
                          "http://localhost/",
                          "http://LOCALHOST./",
                          "http://a.localhost/",
                          "http://printer.local/",
                          "http://metadata.google.internal/",
                          "http://nas.home.arpa/",
                          "http://intranet/",
                          "http://user:pw@localhost/",
                          "http://b\xC3\xBC"
                          "cher.example/",
                          "http://\xEF\xBC\x91\xEF\xBC\x92\xEF\xBC\x97.0.0.1/",
                          "http://%6c%6fcalhost/",
                          "http://127%2e0%2e0%2e1/"}) {
    EXPECT_FALSE(is_public_destination(url)) << url;
  }
}

class Http2 : public Identity {
 protected:
  /// nghttpd(1) does not say which one it took.
  static std::string free_port() { return std::to_string(Newsroom::start()->port()); }
};

TEST_F(Http2, IsSpokenUnlessTheRequestSaysOtherwise) {
  // Where Debian has it, which is in root's path only.
  const std::string nghttpd = run_command("command -v nghttpd") ? "nghttpd" : "/usr/sbin/nghttpd";
  if (!run_command("command -v " + nghttpd))
    GTEST_SKIP() << "no nghttpd(1), which is the server here";
  const std::string port = free_port();
  // It speaks nothing else over TLS.
  const auto server =
      ChildServer::start("stdbuf -oL " + nghttpd + " -v --address=127.0.0.1 " + port + " " +
                             certificates.key("server") + " " + certificates.certificate("server"),
                         "IPv4: listen ");
  ASSERT_NE(server, nullptr) << "nghttpd(1) does not serve on port " << port;
  HttpRequest wanted = tls_request(*server);
  wanted.own = trusting();
  const HttpResponse response = get(wanted);
  EXPECT_FALSE(response.error) << problem_of(response);
  EXPECT_EQ(response.status, 404);
  wanted.http1_only = true;
  EXPECT_TRUE(get(wanted).error);
}

}  // namespace
}  // namespace nutgraf

#include <gtest/gtest.h>
#include <signal.h>
#include <stdlib.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "tests/fetch/fetching.h"

namespace nutgraf {
namespace {

bool run(const std::string& command) { return system((command + " >/dev/null 2>&1").c_str()) == 0; }

/// `openssl s_server` on the loopback interface, with a certificate for 127.0.0.1 that it signed
/// itself. It answers every GET with a page about the connection.
class TlsServer {
 public:
  static std::unique_ptr<TlsServer> start() {
    auto server = std::unique_ptr<TlsServer>(new TlsServer);
    return server->made_certificate() && server->listens() ? std::move(server) : nullptr;
  }
  ~TlsServer() {
    if (pid_ > 0) kill(pid_, SIGTERM);
    if (output_ != nullptr) pclose(output_);
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  TlsServer(const TlsServer&) = delete;
  TlsServer& operator=(const TlsServer&) = delete;

  std::string url(const std::string& host) const { return "https://" + host + ':' + port_ + '/'; }
  std::string certificate() const { return folder_ + "/certificate.pem"; }

 private:
  TlsServer() {
    std::string name = ::testing::TempDir() + "/nutgraf-tls-XXXXXX";
    if (mkdtemp(name.data()) != nullptr) folder_ = name;
  }

  std::string key() const { return folder_ + "/key.pem"; }

  bool made_certificate() const {
    return !folder_.empty() &&
           run("openssl req -x509 -nodes -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -days 2 "
               "-subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1 -keyout " +
               key() + " -out " + certificate());
  }

  /// The shell says its pid, becomes openssl, and that says "ACCEPT 127.0.0.1:PORT".
  bool listens() {
    const std::string command = "echo $$; exec openssl s_server -www -accept 127.0.0.1:0 -cert " +
                                certificate() + " -key " + key() + " 2>&1 </dev/null";
    output_ = popen(command.c_str(), "r");
    if (output_ == nullptr) return false;
    pid_ = std::atoi(line().value_or("0").c_str());
    while (const std::optional<std::string> said = line()) {
      if (!said->starts_with("ACCEPT ")) continue;
      port_ = said->substr(said->rfind(':') + 1);
      return true;
    }
    return false;
  }

  std::optional<std::string> line() {
    std::array<char, 256> buffer{};
    if (fgets(buffer.data(), buffer.size(), output_) == nullptr) return std::nullopt;
    std::string text = buffer.data();
    while (!text.empty() && text.back() <= ' ') text.pop_back();
    return text;
  }

  std::string folder_;
  std::string port_;
  FILE* output_ = nullptr;
  pid_t pid_ = 0;
};

class Tls : public Fetching {
 protected:
  void SetUp() override {
    if (!run("command -v openssl")) GTEST_SKIP() << "no openssl(1), which is the server here";
    server = TlsServer::start();
    ASSERT_NE(server, nullptr) << "openssl(1) does not serve";
  }

  /// Gets the server's page, trusting `ca_file` ("" for what the system trusts).
  HttpResponse get_page(const std::string& host, const std::string& ca_file) {
    CurlClient one(clock, {.ca_file = ca_file});
    HttpRequest wanted = request("/");
    wanted.url = server->url(host);
    one.start(std::move(wanted));
    std::vector<HttpResponse> done;
    for (int rounds = 0; done.empty() && rounds < 1'000; ++rounds) {
      done = one.wait(std::chrono::seconds(1));
    }
    return std::move(done.at(0));
  }

  std::unique_ptr<TlsServer> server;
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
  const HttpResponse response = get_page("127.0.0.1", server->certificate());
  EXPECT_FALSE(response.error) << response.error->message;
  EXPECT_EQ(response.status, 200);
  EXPECT_NE(response.body, "");
}

TEST_F(Tls, ACertificateForAnotherHostIsATlsFault) {
  expect_tls_fault(get_page("localhost", server->certificate()));
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

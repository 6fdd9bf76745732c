#include "daemon/service/systemd.h"

#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <string>

namespace nutgraf {
namespace {

/// Stands in for systemd: a datagram socket named by $NOTIFY_SOCKET.
class FakeSystemd {
 public:
  FakeSystemd() {
    path_ = (std::filesystem::temp_directory_path() /
             ("nutgraf-notify-" + std::to_string(getpid()) + ".sock"))
                .string();
    socket_ = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, path_.data(), path_.size());
    EXPECT_EQ(bind(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    setenv("NOTIFY_SOCKET", path_.c_str(), 1);
  }
  ~FakeSystemd() {
    unsetenv("NOTIFY_SOCKET");
    close(socket_);
    unlink(path_.c_str());
  }
  std::string heard() const {
    char buffer[4096];
    const ssize_t size = recv(socket_, buffer, sizeof buffer, 0);
    return size < 0 ? std::string() : std::string(buffer, static_cast<std::size_t>(size));
  }

 private:
  std::string path_;
  int socket_ = -1;
};

TEST(Systemd, IsToldWhatHappens) {
  const FakeSystemd systemd;
  notify_ready("12 feeds\nSTOPPING=1");
  EXPECT_EQ(systemd.heard(), "READY=1\nSTATUS=12 feeds STOPPING=1");
  notify_watchdog();
  EXPECT_EQ(systemd.heard(), "WATCHDOG=1");
  notify_reloading();
  EXPECT_EQ(systemd.heard(), "RELOADING=1");
  notify_stopping("draining");
  EXPECT_EQ(systemd.heard(), "STOPPING=1\nSTATUS=draining");
}

TEST(Systemd, NothingHappensWithoutIt) {
  unsetenv("NOTIFY_SOCKET");
  notify_ready("x");
  notify_watchdog();
  unsetenv("WATCHDOG_USEC");
  EXPECT_EQ(watchdog_interval(), std::nullopt);
}

TEST(Systemd, WatchdogIsForThisProcessOnly) {
  setenv("WATCHDOG_USEC", "30000000", 1);
  setenv("WATCHDOG_PID", std::to_string(getpid()).c_str(), 1);
  EXPECT_EQ(watchdog_interval(), std::chrono::seconds(30));
  setenv("WATCHDOG_PID", "1", 1);
  EXPECT_EQ(watchdog_interval(), std::nullopt);
  unsetenv("WATCHDOG_USEC");
  unsetenv("WATCHDOG_PID");
}

}  // namespace
}  // namespace nutgraf

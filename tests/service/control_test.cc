#include "daemon/service/control.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <thread>
#include <vector>

#include "daemon/service/unix_socket.h"

namespace nutgraf {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

class Control : public ::testing::Test {
 protected:
  Control() {
    std::string name = (std::filesystem::temp_directory_path() / "nutgraf-ctl-XXXXXX").string();
    folder_ = mkdtemp(name.data());
    path_ = (folder_ / "control.sock").string();
  }
  ~Control() override { std::filesystem::remove_all(folder_); }

  static std::string echo(const std::string& request) { return "<" + request + ">"; }

  std::filesystem::path folder_;
  std::string path_;
};

TEST_F(Control, AnswersALine) {
  const auto server = ControlServer::open(path_, echo);
  ASSERT_TRUE(server) << server.error().message;
  EXPECT_EQ(control_request(path_, "{\"cmd\":\"status\"}", 10s).value(), "<{\"cmd\":\"status\"}>");
  EXPECT_EQ(control_request(path_, "", 10s).value(), "<>");
}

TEST_F(Control, CarriesLargeAnswers) {
  const std::string large(5'000'000, 'x');
  const auto server = ControlServer::open(path_, [&](const std::string&) { return large; });
  ASSERT_TRUE(server);
  EXPECT_EQ(control_request(path_, "feeds", 60s).value(), large);
}

TEST_F(Control, ServesMoreClientsThanItHolds) {
  const auto server = ControlServer::open(path_, echo);
  ASSERT_TRUE(server);
  std::atomic<int> right = 0;
  {
    std::vector<std::jthread> clients;
    for (int i = 0; i < 12; ++i) {
      clients.emplace_back([&, i] {
        for (int round = 0; round < 20; ++round) {
          const std::string ask = std::to_string(i) + "/" + std::to_string(round);
          right += control_request(path_, ask, 60s).value_or("") == echo(ask);
        }
      });
    }
  }
  EXPECT_EQ(right, 240);
}

/// Whether the server has closed its end.
bool is_closed(const Descriptor& socket) {
  char byte = 0;
  return recv(socket.get(), &byte, 1, MSG_DONTWAIT) == 0;
}

TEST_F(Control, WhoDoesNotAskGivesHisPlaceUp) {
  const auto server = ControlServer::open(path_, echo);
  ASSERT_TRUE(server);
  std::vector<Descriptor> idle;
  for (int i = 0; i < 16; ++i) {
    auto socket = connect_unix(path_);
    ASSERT_TRUE(socket);
    idle.push_back(std::move(*socket));
  }
  for (int i = 0; i < 20; ++i) EXPECT_EQ(control_request(path_, "x", 10s).value_or(""), "<x>");
  EXPECT_TRUE(is_closed(idle.front()));
  EXPECT_EQ(std::ranges::count_if(idle, is_closed), 1) << "No more than need be.";
}

TEST_F(Control, WhoDoesNotReadGivesHisPlaceUp) {
  const std::string large(5'000'000, 'x');
  const auto server = ControlServer::open(
      path_, [&](const std::string& request) { return request == "large" ? large : request; });
  ASSERT_TRUE(server);
  std::vector<Descriptor> deaf;
  for (int i = 0; i < 16; ++i) {
    auto socket = connect_unix(path_);
    ASSERT_TRUE(socket);
    ASSERT_EQ(send(socket->get(), "large\n", 6, MSG_NOSIGNAL), 6);
    deaf.push_back(std::move(*socket));
  }
  EXPECT_EQ(control_request(path_, "x", 10s).value_or(""), "x");
}

/// A process that may open no more files, as long as it lives.
class NoDescriptors {
 public:
  NoDescriptors() {
    getrlimit(RLIMIT_NOFILE, &before_);
    rlimit none = before_;
    none.rlim_cur = static_cast<rlim_t>(Descriptor(open("/dev/null", O_RDONLY)).get());
    setrlimit(RLIMIT_NOFILE, &none);
  }
  ~NoDescriptors() { setrlimit(RLIMIT_NOFILE, &before_); }
  NoDescriptors(const NoDescriptors&) = delete;
  NoDescriptors& operator=(const NoDescriptors&) = delete;

 private:
  rlimit before_{};
};

std::chrono::nanoseconds processor_time() {
  timespec spent{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &spent);
  return std::chrono::seconds(spent.tv_sec) + std::chrono::nanoseconds(spent.tv_nsec);
}

TEST_F(Control, WaitsForADescriptorWithoutTurningRound) {
  const auto server = ControlServer::open(path_, echo);
  ASSERT_TRUE(server);
  const Descriptor client(socket(AF_UNIX, SOCK_STREAM, 0));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path_.copy(address.sun_path, sizeof address.sun_path - 1);
  {
    const NoDescriptors none;
    ASSERT_EQ(connect(client.get(), reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    const auto before = processor_time();
    poll(nullptr, 0, 400);
    EXPECT_LT(processor_time() - before, 200ms);
  }
  EXPECT_EQ(control_request(path_, "x", 10s).value_or(""), "<x>");
}

TEST_F(Control, RefusesAnEndlessRequest) {
  std::atomic<int> calls = 0;
  const auto server = ControlServer::open(path_, [&](const std::string&) {
    ++calls;
    return std::string();
  });
  ASSERT_TRUE(server);
  const auto answer = control_request(path_, std::string(200'000, 'x'), 10s);
  // The server may close while the client still writes: then there is no answer, but no call
  // either.
  if (answer) {
    EXPECT_THAT(*answer, HasSubstr("too_large"));
  }
  EXPECT_EQ(calls, 0);
}

TEST_F(Control, SocketIsPrivateAndGoesWithItsServer) {
  {
    const auto server = ControlServer::open(path_, echo);
    ASSERT_TRUE(server);
    struct stat state {};
    ASSERT_EQ(stat(path_.c_str(), &state), 0);
    EXPECT_EQ(state.st_mode & 0777, 0660u);
  }
  EXPECT_FALSE(std::filesystem::exists(path_));
}

TEST_F(Control, SecondServerIsRefusedAndTheFirstLives) {
  const auto server = ControlServer::open(path_, echo);
  ASSERT_TRUE(server);
  const auto second = ControlServer::open(path_, echo);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, ErrorCode::kTransient);
  EXPECT_TRUE(control_request(path_, "x", 10s));
}

TEST_F(Control, ReplacesWhatADeadProcessLeft) {
  { ASSERT_TRUE(listen_unix(path_)); }  // Closed, but not unlinked.
  ASSERT_TRUE(std::filesystem::exists(path_));
  const auto server = ControlServer::open(path_, echo);
  ASSERT_TRUE(server) << server.error().message;
  EXPECT_TRUE(control_request(path_, "x", 10s));
}

TEST_F(Control, NeverRemovesAFile) {
  std::ofstream(path_) << "precious";
  const auto server = ControlServer::open(path_, echo);
  ASSERT_FALSE(server);
  EXPECT_EQ(server.error().code, ErrorCode::kBadConfig);
  EXPECT_THAT(server.error().message, HasSubstr("no socket is there; move it away"));
  EXPECT_TRUE(std::filesystem::exists(path_));
}

/// As of a store without a folder: it may be mounted a moment later.
TEST_F(Control, AFolderThatIsNotThereIsTransient) {
  const auto server = ControlServer::open((folder_ / "none" / "control.sock").string(), echo);
  ASSERT_FALSE(server);
  EXPECT_EQ(server.error().code, ErrorCode::kTransient);
  EXPECT_THAT(server.error().message, HasSubstr("no such folder"));
}

TEST_F(Control, NobodyThereIsGone) {
  const auto answer = control_request(path_, "x", 1s);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, ErrorCode::kGone);
  EXPECT_EQ(control_request(std::string(200, 'x'), "x", 1s).error().code, ErrorCode::kBadConfig);
}

TEST_F(Control, SilentServerIsTransient) {
  const auto listener = listen_unix(path_);
  ASSERT_TRUE(listener);
  const auto answer = control_request(path_, "x", 20ms);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, ErrorCode::kTransient);
}

}  // namespace
}  // namespace nutgraf

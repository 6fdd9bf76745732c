#include "daemon/main/filter.h"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <deque>
#include <fstream>
#include <future>
#include <iostream>
#include <mutex>
#include <nlohmann/json.hpp>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <thread>

#include "daemon/base/bounded_queue.h"

namespace nutgraf::tool {
namespace {

using Json = nlohmann::json;

struct Answer {
  std::string line;
  bool failed = false;
};

struct Work {
  std::string line;
  std::promise<Answer> answer;
};

std::string dump(const Json& value) {
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Answer answer_line(const std::string& line, const LineFunction& function) {
  Json input;
  Json failure = Json::object();
  try {
    input = Json::parse(line);
    if (!input.is_object()) throw std::runtime_error("not a JSON object");
    const Json output = function(input);
    return {dump(output), output.is_object() && output.contains("error")};
  } catch (const std::exception& error) {
    failure["error"] = error.what();
    if (input.is_object() && input.contains("id")) failure["id"] = input["id"];
    return {dump(failure), true};
  }
}

/// Rate and count on a terminal's stderr, at most twice a second; silent elsewhere.
class Progress {
 public:
  explicit Progress(std::string name)
      : name_(std::move(name)), shown_(isatty(STDERR_FILENO) == 1) {}
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  ~Progress() {
    if (drawn_) std::fprintf(stderr, "\r\033[K");
  }

  void count() {
    ++done_;
    const auto now = std::chrono::steady_clock::now();
    if (!shown_ || now - last_ < std::chrono::milliseconds(500)) return;
    last_ = now;
    drawn_ = true;
    const double seconds = std::chrono::duration<double>(now - start_).count();
    std::fprintf(stderr, "\r\033[K%s: %zu done, %.0f a second, %.0f s", name_.c_str(), done_,
                 static_cast<double>(done_) / seconds, seconds);
  }

 private:
  const std::string name_;
  const bool shown_;
  bool drawn_ = false;
  std::size_t done_ = 0;
  const std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  std::chrono::steady_clock::time_point last_ = start_;
};

/// Keeps the answers in the order of the questions: a bounded window of futures.
class OrderedMap {
 public:
  OrderedMap(const LineFunction& function, std::size_t threads, Progress& progress)
      : function_(function), window_(threads * 64), queue_(window_), progress_(progress) {
    for (std::size_t i = 0; i < threads; ++i) workers_.emplace_back([this] { work(); });
  }

  void put(std::string line) {
    if (answers_.size() >= window_) take();
    Work work{std::move(line), {}};
    answers_.push_back(work.answer.get_future());
    queue_.push(std::move(work));
  }

  /// Prints what is ready, so that a pipe that waits for an answer before it asks again is served.
  void print_ready() {
    while (!answers_.empty() &&
           answers_.front().wait_for(std::chrono::seconds(0)) == std::future_status::ready) {
      take();
    }
  }

  void finish() {
    while (!answers_.empty()) take();
    queue_.close();
  }

  bool any_failed() const { return any_failed_; }
  bool output_closed() const { return output_closed_; }

 private:
  void work() {
    while (std::optional<Work> work = queue_.pop()) {
      work->answer.set_value(answer_line(work->line, function_));
    }
  }

  void take() {
    const Answer answer = answers_.front().get();
    answers_.pop_front();
    any_failed_ |= answer.failed;
    std::cout << answer.line << '\n';
    if (answers_.empty()) std::cout.flush();
    output_closed_ |= !std::cout.good();
    progress_.count();
  }

  const LineFunction& function_;
  const std::size_t window_;
  BoundedQueue<Work> queue_;
  Progress& progress_;
  std::deque<std::future<Answer>> answers_;
  bool any_failed_ = false;
  bool output_closed_ = false;
  std::vector<std::jthread> workers_;
};

bool map_stream(std::istream& in, OrderedMap& map) {
  std::string line;
  while (!map.output_closed() && std::getline(in, line)) {
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    map.put(std::move(line));
    line = {};
    if (in.rdbuf()->in_avail() <= 0) map.print_ready();
  }
  return !in.bad();
}

bool map_file(const std::string& path, OrderedMap& map) {
  if (path == "-") return map_stream(std::cin, map);
  std::ifstream file(path, std::ios::binary);
  if (!file || !map_stream(file, map)) {
    std::fprintf(stderr, "nutgraf: cannot read %s\n", path.c_str());
    return false;
  }
  return true;
}

}  // namespace

int run_jsonl(const FilterOptions& options, const LineFunction& function) {
  const auto cores = std::max(1u, std::thread::hardware_concurrency());
  Progress progress(options.name);
  OrderedMap map(function, options.jobs > 0 ? static_cast<std::size_t>(options.jobs) : cores,
                 progress);
  const std::vector<std::string> inputs =
      options.inputs.empty() ? std::vector<std::string>{"-"} : options.inputs;
  bool all_read = true;
  for (const std::string& path : inputs) all_read &= map_file(path, map);
  map.finish();
  std::cout.flush();
  if (!all_read) return kNoInput;
  return map.any_failed() ? kSomeFailed : kOk;
}

bool read_input(const std::string& path, std::string* content) {
  std::ostringstream buffer;
  if (path == "-") {
    buffer << std::cin.rdbuf();
  } else {
    std::ifstream file(path, std::ios::binary);
    if (!file) {
      std::fprintf(stderr, "nutgraf: cannot read %s\n", path.c_str());
      return false;
    }
    buffer << file.rdbuf();
  }
  *content = std::move(buffer).str();
  return true;
}

std::string text_field(const Json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end() || found->is_null()) return {};
  if (!found->is_string()) throw std::runtime_error(std::string(key) + " is not a string");
  return found->get<std::string>();
}

}  // namespace nutgraf::tool

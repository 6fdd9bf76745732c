#include "daemon/main/filter.h"

#include <sys/stat.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <future>
#include <iostream>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>
#include <string_view>
#include <system_error>
#include <thread>
#include <utility>

#include "daemon/base/bounded_queue.h"
#include "daemon/base/encoding.h"
#include "daemon/base/read_file.h"
#include "daemon/base/utf8.h"

namespace nutgraf::tool {
namespace {

using Json = nlohmann::json;

struct Answer {
  std::string line;
  bool failed = false;
};

struct Work {
  std::string line;
  std::size_t number = 0;  ///< Of the line in its file, from 1.
  std::promise<Answer> answer;
};

std::string dump(const Json& value) {
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

/// Without the name that the JSON library gives its errors: "[json.exception.parse_error.101] …".
std::string_view plain(std::string_view what) {
  const std::size_t end = what.starts_with("[json.") ? what.find("] ") : std::string_view::npos;
  return end == std::string_view::npos ? what : what.substr(end + 2);
}

/// The JSON library counts the lines of what it is given, which is one.
std::string at_line(std::size_t number, std::string_view what) {
  constexpr std::string_view kOne = "parse error at line 1, ";
  if (!what.starts_with(kOne)) return std::string(what);
  return "parse error at line " + std::to_string(number) + ", " +
         std::string(what.substr(kOne.size()));
}

Answer answer_line(const Work& work, const LineFunction& function) {
  Json input;
  Json failure = Json::object();
  try {
    input = Json::parse(work.line);
    if (!input.is_object()) throw std::runtime_error("not a JSON object");
    const Json output = function(input);
    return {dump(output), output.is_object() && output.contains("error")};
  } catch (const std::exception& error) {
    failure["error"] = at_line(work.number, plain(error.what()));
    if (input.is_object() && input.contains("id")) failure["id"] = input["id"];
    return {dump(failure), true};
  }
}

/// Count, rate and time left on a terminal's stderr, at most twice a second; silent elsewhere.
/// Where the length of the input is not known, the time that it took so far.
class Progress {
 public:
  /// `total`: bytes of all inputs; 0: not known.
  Progress(std::string name, std::uintmax_t total)
      : name_(std::move(name)), total_(total), shown_(isatty(STDERR_FILENO) == 1) {}
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  ~Progress() {
    if (drawn_) std::fprintf(stderr, "\r\033[K");
  }

  /// Called on the thread that reads.
  void read(std::size_t bytes) { read_ += bytes; }

  /// Called on the thread that prints.
  void count() {
    ++done_;
    const auto now = std::chrono::steady_clock::now();
    if (!shown_ || now - last_ < std::chrono::milliseconds(500)) return;
    last_ = now;
    drawn_ = true;
    const double seconds = std::chrono::duration<double>(now - start_).count();
    std::fprintf(stderr, "\r\033[K%s: %zu done, %.0f a second, %s", name_.c_str(), done_,
                 static_cast<double>(done_) / seconds, time_left(seconds).c_str());
  }

 private:
  /// What is read runs ahead of what is done by a bounded window only.
  std::string time_left(double seconds) const {
    const std::uintmax_t read = read_;
    if (read == 0 || read > total_) return std::to_string(std::lround(seconds)) + " s";
    const double left = seconds * static_cast<double>(total_ - read) / static_cast<double>(read);
    return std::to_string(std::lround(left)) + " s left";
  }

  const std::string name_;
  const std::uintmax_t total_;
  std::atomic<std::uintmax_t> read_ = 0;
  const bool shown_;
  bool drawn_ = false;
  std::size_t done_ = 0;
  const std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  std::chrono::steady_clock::time_point last_ = start_;
};

/// Keeps the answers in the order of the questions: a bounded window of futures. A thread of its
/// own prints each as soon as it is there, also while the next question is waited for: who asks
/// again only when answered is served.
class OrderedMap {
 public:
  OrderedMap(const LineFunctions& functions, std::size_t threads, Progress& progress)
      : questions_(threads * 64), answers_(threads * 64), progress_(progress) {
    for (std::size_t i = 0; i < threads; ++i) {
      workers_.emplace_back([this, function = functions()] { work(function); });
    }
    printer_ = std::jthread([this] { print(); });
  }

  void put(std::string line, std::size_t number) {
    Work work{std::move(line), number, {}};
    answers_.push(work.answer.get_future());
    questions_.push(std::move(work));
  }

  /// A line that is not even looked at.
  void refuse(const std::string& why) {
    std::promise<Answer> answer;
    answers_.push(answer.get_future());
    answer.set_value({dump({{"error", why}}), true});
  }

  /// Waits until all is printed. What is printed later, the caller flushes.
  void finish() {
    questions_.close();
    answers_.close();
    printer_.join();
  }

  /// After finish(): how many failed; what to say of them.
  std::size_t failed() const { return failed_; }
  std::string failures() const {
    return std::to_string(failed_) + " of " + std::to_string(printed_) + " failed, first line " +
           std::to_string(first_failed_) + " of the output";
  }
  bool output_closed() const { return output_closed_; }

 private:
  void work(const LineFunction& function) {
    while (std::optional<Work> work = questions_.pop()) {
      work->answer.set_value(answer_line(*work, function));
    }
  }

  void print() {
    while (std::optional<std::future<Answer>> next = answers_.pop()) {
      const Answer answer = next->get();
      ++printed_;
      if (answer.failed && ++failed_ == 1) first_failed_ = printed_;
      std::cout << answer.line << '\n';
      if (answers_.size() == 0) std::cout.flush();
      if (!std::cout.good()) output_closed_ = true;
      progress_.count();
    }
  }

  BoundedQueue<Work> questions_;
  BoundedQueue<std::future<Answer>> answers_;

  // Printer only, until finish().
  Progress& progress_;
  std::size_t printed_ = 0;
  std::size_t failed_ = 0;
  std::size_t first_failed_ = 0;  // From 1.

  std::atomic<bool> output_closed_ = false;
  std::vector<std::jthread> workers_;
  std::jthread printer_;
};

/// Beyond what any stage reads of a document. So much is held of each line that is in work.
constexpr std::size_t kMostInput = std::size_t{64} << 20;
/// A longer line is passed over; what has no newline in so much has no lines (/dev/zero).
constexpr std::size_t kMostPassed = std::size_t{1} << 30;

/// The lines of a descriptor, each as soon as it is there.
class Lines {
 public:
  Lines(int descriptor, Progress& progress) : descriptor_(descriptor), progress_(progress) {}

  /// The next one, without its newline, or why it is none; nullopt: there are no more, or error()
  /// says why not.
  std::optional<Result<std::string>> next() {
    std::string line;
    std::size_t passed = 0;
    while (begin_ != end_ || fill()) {
      const char* const first = buffer_.data() + begin_;
      const void* const stop = std::memchr(first, '\n', end_ - begin_);
      const std::size_t size =
          stop == nullptr ? end_ - begin_
                          : static_cast<std::size_t>(static_cast<const char*>(stop) - first);
      begin_ += size + (stop == nullptr ? 0 : 1);
      if (passed == 0) line.append(first, size);
      if (passed > 0 || line.size() > kMostInput) {
        passed += passed > 0 ? size : std::exchange(line, {}).size();
      }
      if (passed > kMostPassed) {
        error_ = too_long();
        return std::nullopt;
      }
      if (stop != nullptr) return end_line(std::move(line), passed);
    }
    if ((line.empty() && passed == 0) || !error_.empty()) return std::nullopt;
    return end_line(std::move(line), passed);
  }

  std::size_t number() const { return number_; }       ///< Of the line that came last, from 1.
  const std::string& error() const { return error_; }  ///< Empty: none.

 private:
  std::string too_long() const {
    return "line " + std::to_string(number_ + 1) + " is longer than " + size_text(kMostInput);
  }

  Result<std::string> end_line(std::string line, std::size_t passed) {
    Result<std::string> out = std::move(line);
    if (passed > 0) out = fail(ErrorCode::kTooLarge, too_long());
    ++number_;
    return out;
  }

  bool fill() {
    ssize_t got = 0;
    do {
      got = read(descriptor_, buffer_.data(), buffer_.size());
    } while (got < 0 && errno == EINTR);
    if (got < 0) error_ = std::generic_category().message(errno);
    begin_ = 0;
    end_ = got > 0 ? static_cast<std::size_t>(got) : 0;
    progress_.read(end_);
    return got > 0;
  }

  const int descriptor_;
  Progress& progress_;
  std::vector<char> buffer_ = std::vector<char>(std::size_t{64} << 10);
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  std::size_t number_ = 0;
  std::string error_;
};

std::string cannot_read(const std::string& path, const std::string& why) {
  return "cannot read " + path + ": " + why;
}

bool complain(const std::string& what) {
  std::fprintf(stderr, "nutgraf: %s\n", what.c_str());
  return false;
}

bool map_lines(const std::string& path, int descriptor, OrderedMap& map, Progress& progress) {
  Lines lines(descriptor, progress);
  while (!map.output_closed()) {
    std::optional<Result<std::string>> line = lines.next();
    if (!line) break;
    if (!*line) {
      map.refuse(line->error().message);
    } else if ((*line)->find_first_not_of(" \t\r") != std::string::npos) {
      map.put(**std::move(line), lines.number());
    }
  }
  return lines.error().empty() || complain(cannot_read(path, lines.error()));
}

bool map_file(const std::string& path, OrderedMap& map, Progress& progress) {
  if (path == "-") return map_lines(path, STDIN_FILENO, map, progress);
  const Result<Descriptor> file = open_to_read(path);
  if (!file) return complain(cannot_read(path, file.error().message));
  return map_lines(path, file->get(), map, progress);
}

/// Each NUL as U+FFFD. In one pass: a file may be nothing else.
std::string without_nul(std::string text) {
  const auto nuls = static_cast<std::size_t>(std::ranges::count(text, '\0'));
  if (nuls == 0) return text;
  std::string out;
  out.reserve(text.size() + 2 * nuls);
  for (const char c : text) {
    if (c == '\0') {
      out += kReplacementUtf8;
    } else {
      out += c;
    }
  }
  return out;
}

/// A file of plain text says nothing of its encoding, but that it has a byte order mark.
std::string decode_text(std::string bytes) {
  constexpr std::pair<std::string_view, const char*> kMarks[] = {
      {"\xef\xbb\xbf", "utf-8"}, {"\xff\xfe", "utf-16le"}, {"\xfe\xff", "utf-16be"}};
  std::string text;
  const auto* const mark = std::ranges::find_if(
      kMarks, [&](const auto& known) { return bytes.starts_with(known.first); });
  if (mark != std::end(kMarks)) {
    text = to_utf8(std::string_view(bytes).substr(mark->first.size()), mark->second).value_or("");
  } else if (is_utf8(bytes)) {
    text = std::move(bytes);
  } else {
    int errors = 0;
    text = to_utf8(bytes, "utf-8", &errors).value_or("");
    const auto high = std::ranges::count_if(bytes, [](unsigned char c) { return c >= 0x80; });
    if (errors == high) text = to_utf8(bytes, "windows-1252").value_or("");
  }
  return without_nul(std::move(text));
}

/// Bytes of all inputs; 0 if one is no regular file.
std::uintmax_t total_of(const std::vector<std::string>& inputs) {
  std::uintmax_t total = 0;
  for (const std::string& path : inputs) {
    struct stat state {};
    const bool known =
        (path == "-" ? fstat(STDIN_FILENO, &state) : stat(path.c_str(), &state)) == 0;
    if (!known || !S_ISREG(state.st_mode)) return 0;
    total += static_cast<std::uintmax_t>(state.st_size);
  }
  return total;
}

}  // namespace

void add_jobs_option(CLI::App& command, int& jobs) {
  constexpr int kMost = 256;
  command.add_option("--jobs", jobs, "Threads with --jsonl (default: cores)")
      ->type_name("N")
      ->check(CLI::Range(0, kMost).description(""));
}

int run_jsonl(const FilterOptions& options, const LineFunction& function) {
  return run_jsonl_each(options, [&function] { return std::cref(function); });
}

int run_jsonl_each(const FilterOptions& options, const LineFunctions& functions) {
  const auto cores = std::max(1u, std::thread::hardware_concurrency());
  const std::vector<std::string> inputs =
      options.inputs.empty() ? std::vector<std::string>{"-"} : options.inputs;
  Progress progress(options.name, total_of(inputs));
  OrderedMap map(functions, options.jobs > 0 ? static_cast<std::size_t>(options.jobs) : cores,
                 progress);
  bool all_read = true;
  for (const std::string& path : inputs) all_read &= map_file(path, map, progress);
  map.finish();
  std::cout.flush();
  if (map.failed() > 0) complain(options.name + ": " + map.failures());
  if (!all_read) return kNoInput;
  return map.failed() > 0 ? kSomeFailed : kOk;
}

Result<std::string> read_input(const std::string& path) {
  Result<std::string> content =
      path == "-" ? read_rest(STDIN_FILENO, kMostInput) : read_file(path, {.most = kMostInput});
  if (!content) return fail(content.error().code, cannot_read(path, content.error().message));
  return content;
}

bool read_input(const std::string& path, std::string* content) {
  Result<std::string> read = read_input(path);
  if (!read) return complain(read.error().message);
  *content = *std::move(read);
  return true;
}

bool read_text(const std::string& path, std::string* text) {
  std::string bytes;
  if (!read_input(path, &bytes)) return false;
  *text = decode_text(std::move(bytes));
  return true;
}

std::string text_field(const Json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end() || found->is_null()) return {};
  if (!found->is_string()) throw std::runtime_error(std::string(key) + " is not a string");
  return found->get<std::string>();
}

/// Before what is JSON and not text.
constexpr char kNumber = '\1';

std::string id_field(const Json& object) {
  const auto found = object.find("id");
  if (found == object.end() || found->is_null()) return {};
  if (found->is_number()) return kNumber + found->dump();
  if (!found->is_string()) throw std::runtime_error("id is neither text nor a number");
  std::string text = found->get<std::string>();
  return text.starts_with(kNumber) ? kNumber + found->dump() : text;
}

Json given_id(const std::string& id) {
  return id.starts_with(kNumber) ? Json::parse(id.substr(1)) : Json(id);
}

}  // namespace nutgraf::tool

#pragma once

#include <sys/types.h>

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace nutgraf::bench {

/// Milliseconds of a clock that is the same in all processes.
double now_ms();

/// -1 for none.
double percentile(std::vector<double> values, double share);

/// Of this process.
double resident_mb();
int open_files();

/// A port that was free a moment ago, known before anyone forks.
int free_port();

/// A message's body: the time at which it was made, then so many bytes.
std::string stamped(std::size_t bytes);

/// What subscribers report: milliseconds on the way, by the number in the topic "t.<number>.".
using Ways = std::map<int, std::vector<double>>;

/// A process of ours with the other end of two pipes: what it is told, and what it says, in
/// numbers. Make it before this process has threads.
class Child {
 public:
  explicit Child(const std::function<void(Child&)>& run);
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child();  ///< Kills it.

  void say(double value) const;
  double hear() const;                        ///< Waits; throws if the other has ended.
  bool heard_within(int milliseconds) const;  ///< Whether there is something to hear().
  void signal(int number) const;

 private:
  int in_ = -1;
  int out_ = -1;
  pid_t pid_ = 0;
};

/// A process with `count` plain SUB sockets, each connected to all of `endpoints` and subscribed to
/// everything. It says 0 when each socket has had a message of each topic in `signs`; takes
/// messages until each has had one of "end."; then tells how long they were on the way.
class Crowd {
 public:
  Crowd(int count, std::vector<std::string> endpoints, std::vector<std::string> signs);

  /// Calls `meanwhile` every 20 ms until all are there.
  void until_ready(const std::function<void()>& meanwhile = [] {});
  void stop() const;
  void go_on() const;
  Ways ways() const;

 private:
  Child child_;
};

}  // namespace nutgraf::bench

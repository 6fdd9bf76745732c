#pragma once

#include <utility>
#include <vector>

#include "daemon/base/bell.h"
#include "daemon/wire/publisher.h"

namespace nutgraf {

/// Hands committed messages to the wire, then rings for those who read the log itself: the live
/// subscribers come first. Thread-safe as the wire is.
class Announcer final : public Publisher {
 public:
  /// Both must outlive it.
  Announcer(Publisher& wire, const Bell& bell) : wire_(wire), bell_(bell) {}

  void publish(std::vector<Publication> messages) override {
    wire_.publish(std::move(messages));
    bell_.ring();
  }

 private:
  Publisher& wire_;
  const Bell& bell_;
};

}  // namespace nutgraf

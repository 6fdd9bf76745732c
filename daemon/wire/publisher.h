#pragma once

#include <vector>

#include "daemon/model/publication.h"

namespace nutgraf {

/// Where committed messages go: one of the process's seams.
class Publisher {
 public:
  virtual ~Publisher() = default;

  /// Hands over committed messages, in sequence order. Thread-safe. Waits while the hand-over is
  /// full (the live thread itself never waits for a subscriber), so memory is bounded; nothing
  /// handed over is ever re-ordered.
  virtual void publish(std::vector<Publication> messages) = 0;
};

}  // namespace nutgraf

#pragma once

#include "daemon/base/descriptor.h"

namespace nutgraf {

/// Wakes a thread that polls descriptors. Rings that nobody has heard yet are one.
/// Thread-safe; a ring costs one system call and never waits. Without a descriptor left for it,
/// fd() is negative and it is silent.
class Bell {
 public:
  Bell();
  void ring() const;
  int fd() const { return event_.get(); }  ///< Readable once it rang.
  void hush() const;                       ///< Until it rings again.

 private:
  Descriptor event_;
};

}  // namespace nutgraf

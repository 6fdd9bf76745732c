#pragma once

#include "daemon/service/unix_socket.h"

namespace nutgraf {

/// Wakes a thread that polls descriptors. Rings that nobody has heard yet are one.
/// Thread-safe; a ring costs one system call and never waits.
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

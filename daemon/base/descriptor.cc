#include "daemon/base/descriptor.h"

#include <unistd.h>

namespace nutgraf {

Descriptor::~Descriptor() {
  if (fd_ >= 0) close(fd_);
}

}  // namespace nutgraf

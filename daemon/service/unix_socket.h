#pragma once

#include <string>

#include "daemon/base/descriptor.h"
#include "daemon/base/result.h"

namespace nutgraf {

/// A socket that listens at `path`, non-blocking, mode 0660. See ControlServer::open() for what
/// stands in the way.
Result<Descriptor> listen_unix(const std::string& path);

/// A non-blocking socket connected to `path`.
Result<Descriptor> connect_unix(const std::string& path);

}  // namespace nutgraf

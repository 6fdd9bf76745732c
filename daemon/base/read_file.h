#pragma once

#include <cstddef>
#include <string>

#include "daemon/base/descriptor.h"
#include "daemon/base/result.h"

namespace nutgraf {

/// What is read of a file or a stream at most: /dev/zero has no end, and a pipe need not have one.
struct ReadLimits {
  std::size_t most = 0;  ///< Bytes.
  /// Takes no pipe, which may let us wait for ever, and no device.
  bool regular = false;
};

/// A file for reading. The message of an error is the reason alone: "No such file or directory".
Result<Descriptor> open_to_read(const std::string& path, bool regular = false);

/// The whole of a file; kTooLarge: "it is larger than 64 MiB".
Result<std::string> read_file(const std::string& path, const ReadLimits& limits);

/// What is left to read of a descriptor.
Result<std::string> read_rest(int descriptor, std::size_t most);

/// "64 MiB", "4 KiB", "100 bytes".
std::string size_text(std::size_t bytes);

}  // namespace nutgraf

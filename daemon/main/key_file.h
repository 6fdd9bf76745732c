#pragma once

#include <string>

#include "daemon/base/result.h"

namespace nutgraf::tool {

/// A public one may be given itself; a secret one is only read from its file, because everyone can
/// see a command line.
enum class KeyKind { kPublic, kSecret };

/// A CURVE key as an option gives it: the name of a file that holds the 40 characters, or they
/// themselves. kBadConfig names what is wrong.
Result<std::string> read_key(const std::string& given, KeyKind kind);

}  // namespace nutgraf::tool

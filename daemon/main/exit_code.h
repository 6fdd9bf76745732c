#pragma once

namespace nutgraf::tool {

/// Exit codes that scripts rely on, of both programs. [sysexits.h]
enum ExitCode {
  kOk = 0,
  kSomeFailed = 1,
  kUsage = 64,
  kNoInput = 66,
  kTemporary = 75,
  kConfigError = 78,
};

}  // namespace nutgraf::tool

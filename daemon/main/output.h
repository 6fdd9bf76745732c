#pragma once

namespace nutgraf::tool {

/// To be called at the end: `code`, but kSomeFailed instead of kOk if what was printed could not be
/// written (a full disk), which is said on stderr. A reader that had enough (`| head`) is no fault.
int finish_output(int code);

}  // namespace nutgraf::tool

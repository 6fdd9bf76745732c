// libspdlog is not instrumented, so ThreadSanitizer does not see the guard under which its first
// user makes the default logger: made by one thread and used by another, it is taken for a race.
// In a test program it is therefore made before there are threads, as nutgrafd does in its main().
#include <spdlog/spdlog.h>

namespace {
[[maybe_unused]] spdlog::logger* const first_logger = spdlog::default_logger_raw();
}

#include "daemon/base/terminal.h"

#include <unistd.h>

#include <cstdlib>
#include <string_view>

namespace nutgraf {
namespace {

std::string_view environment(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? std::string_view() : value;
}

}  // namespace

bool wants_colour(int descriptor) {
  const std::string_view terminal = environment("TERM");
  return isatty(descriptor) == 1 && !terminal.empty() && terminal != "dumb" &&
         environment("NO_COLOR").empty();
}

}  // namespace nutgraf

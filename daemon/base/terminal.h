#pragma once

namespace nutgraf {

/// Whether colour belongs in what is written there: it is a terminal that knows colours (TERM is
/// set and not "dumb"), and its owner has not set NO_COLOR to anything. Any thread, as long as none
/// changes the environment. [no-color.org]
bool wants_colour(int descriptor);

}  // namespace nutgraf

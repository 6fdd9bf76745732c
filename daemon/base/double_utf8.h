#pragma once

#include <string>

namespace nutgraf {

/// UTF-8 that was read as Latin-1 and encoded once more ("â\u0080\u0099" for "’") as it was
/// meant. The proof is a C1 control in such a sequence: nobody writes these. Without one anywhere
/// the text comes back as it is, as "Ã©" may be what is meant. Takes well-formed UTF-8, gives
/// well-formed UTF-8; linear.
std::string undo_double_utf8(std::string text);

}  // namespace nutgraf

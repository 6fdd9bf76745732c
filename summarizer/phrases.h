#pragma once

#include "summarizer/unicode.h"

namespace nutgraf::summarizer {

/// A credit or a pointer instead of news: "By Jane Doe", "Photo:", "READ MORE", "Click here",
/// "contributed to this report", an e-mail address, a URL. Linear.
bool is_credit(Text sentence);

}  // namespace nutgraf::summarizer

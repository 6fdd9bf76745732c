#pragma once

#include <string>
#include <string_view>

namespace nutgraf {

/// Well-formed XML made of a broken feed, so that the parser can read it and no complete item is
/// lost: what stands before the root element goes; comments, processing instructions and the
/// doctype go; bare '&' and '<' become references; attributes get their quotes; end tags nobody
/// opened go; elements nobody closed are closed by the end of their parent, by the next field of
/// the feed, or by the next item; a truncated document ends where it ends.
///
/// Pure; linear in the text; nesting below 512 levels is flattened, and a name beyond a kilobyte
/// is no element's.
std::string repair_xml(std::string_view text);

/// What a text may hold that has to go before it is parsed. Neither is ever overlooked.
struct Suspects {
  bool controls = false;       ///< drop_controls() has work to do.
  bool c1_characters = false;  ///< mend_c1() has work to do.
  bool c1_references = false;  ///< mend_c1() may have work to do.
};

/// One quick look at every byte (4 GB/s): most feeds need neither.
Suspects suspects_in(std::string_view text);

/// Drops the control characters that XML does not allow [XML 1.0, section 2.2], in place.
/// @return true if there were any.
bool drop_controls(std::string& text);

/// U+0080–U+009F, as characters or as &#128;–&#159;, are windows-1252 that somebody took for
/// Latin-1: makes them what they were meant to be, as browsers do for the references. In place.
/// @return true if there were any.
bool mend_c1(std::string& text, const Suspects& suspects);

}  // namespace nutgraf

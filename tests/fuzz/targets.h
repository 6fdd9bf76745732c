#pragma once

#include <string_view>

/// What libFuzzer and fuzz_corpus_test call: each takes any bytes, hands them to one part of the
/// program and throws BrokenProperty (properties.h) where the part does not do what its header
/// says. Where a part takes more than one text, the first line is the smaller one (first_line()),
/// so that a seed can be written by hand.
namespace nutgraf::fuzz {

void article(std::string_view bytes);     ///< content type \n page
void base(std::string_view bytes);        ///< charset label or base URL \n text
void client(std::string_view bytes);      ///< a message of the wire
void config(std::string_view bytes);      ///< a configuration file; also a rule, a size, a duration
void feed(std::string_view bytes);        ///< content type \n document
void fetch(std::string_view bytes);       ///< Content-Encoding \n robots.txt, header lines or body
void opml(std::string_view bytes);        ///< a list of subscriptions
void stored(std::string_view bytes);      ///< a row's bytes
void summarizer(std::string_view bytes);  ///< language \n text
void sync(std::string_view bytes);        ///< a client's request
void web(std::string_view bytes);         ///< a request of HTTP

}  // namespace nutgraf::fuzz

#pragma once

#include <string>
#include <string_view>

#include "daemon/feed/namespaces.h"

namespace nutgraf {

/// The name in "name <mail>", "mail (name)" and the like, `with_mail` as "name (mail)"; the whole
/// if there is no mail in it.
std::string author_name(std::string_view text, bool with_mail = false);

/// The name of an Atom person, or of an author given as text; their mail if there is no name.
std::string person_name(const pugi::xml_node& element, const Namespaces& namespaces,
                        bool with_mail);

/// An address, not a name: "@" and no blank.
bool is_mail_address(std::string_view text);

}  // namespace nutgraf

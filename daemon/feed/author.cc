#include "daemon/feed/author.h"

#include <pugixml.hpp>

#include "daemon/base/ascii.h"
#include "daemon/base/entities.h"
#include "daemon/feed/markup.h"

namespace nutgraf {
namespace {

/// Both may be empty.
struct Person {
  std::string_view name;
  std::string_view mail;
};

std::string_view unquoted(std::string_view name) {
  while (name.size() > 1 && name.front() == '"' && name.back() == '"') {
    name = trim(name.substr(1, name.size() - 2));
  }
  return name;
}

/// "name <mail>", "mail (name)", "mailto:mail", or a name alone.
Person split_person(std::string_view line) {
  const std::size_t open = line.find_first_of("(<[");
  const bool closed =
      !line.empty() && std::string_view(")>]").find(line.back()) != std::string_view::npos;
  if (open != std::string_view::npos && closed) {
    const std::string_view before = trim(line.substr(0, open));
    const std::string_view inside = trim(line.substr(open + 1, line.size() - open - 2));
    const bool mail_before = before.find('@') != std::string_view::npos;
    const bool mail_inside = inside.find('@') != std::string_view::npos;
    if (mail_before && !mail_inside) return {unquoted(inside), before};
    if (mail_inside) return {unquoted(before), inside};
  }
  if (starts_with_ignoring_case(line, "mailto:")) return {{}, line.substr(7)};
  return is_mail_address(line) ? Person{{}, line} : Person{unquoted(line), {}};
}

std::string_view named(const Person& person) {
  return person.name.empty() ? person.mail : person.name;
}

std::string name_and_mail(const Person& person) {
  if (person.name.empty() || person.mail.empty()) return std::string(named(person));
  return std::string(person.name) + " (" + std::string(person.mail) + ")";
}

}  // namespace

std::string author_name(std::string_view text, bool with_mail) {
  const std::string line = plain_text(text);
  const Person person = split_person(line);
  return with_mail ? name_and_mail(person) : std::string(named(person));
}

std::string person_name(const pugi::xml_node& element, const Namespaces& namespaces,
                        bool with_mail) {
  if (!has_element_children(element)) {
    return author_name(ElementText(element).view(), with_mail);
  }
  std::string name;
  std::string mail;
  bool person = false;
  for (const pugi::xml_node& child : element.children()) {
    if (child.type() != pugi::node_element) continue;
    const std::string local = to_lower(namespaces.resolve(child.name()).local);
    person |= local == "name" || local == "email" || local == "uri" || local == "url";
    if ((local == "name" || local == "title") && name.empty()) {
      name = author_name(text_of(child), with_mail);
    }
    if (local == "email" && mail.empty()) mail = trim(text_of(child));
  }
  if (!person) return author_name(inner_markup(element), with_mail);
  if (name.empty()) name = author_name(text_of(element), with_mail);
  const bool whole = name.find('@') != std::string::npos;
  return with_mail && !whole ? name_and_mail({name, mail}) : std::string(named({name, mail}));
}

bool is_mail_address(std::string_view text) {
  return text.find('@') != std::string_view::npos && text.find(' ') == std::string_view::npos;
}

}  // namespace nutgraf

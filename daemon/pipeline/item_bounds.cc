#include "daemon/pipeline/item_bounds.h"

#include <string>

#include "daemon/base/utf8.h"

namespace nutgraf {
namespace {

void cut(std::string& field, std::size_t bytes) {
  if (field.size() <= bytes) return;
  field.resize(cut_utf8(field, bytes).size());
  field.shrink_to_fit();
}

}  // namespace

void bound(FeedItem& item) {
  for (std::string* url : {&item.link, &item.image, &item.source_url}) {
    if (url->size() > kMaxItemField) *url = {};
  }
  for (std::string* field : {&item.guid, &item.title, &item.language, &item.source_name}) {
    cut(*field, kMaxItemField);
  }
  for (std::string& author : item.authors) cut(author, kMaxItemField);
  for (std::string& category : item.categories) cut(category, kMaxItemField);
  cut(item.summary, kMaxItemText);
  cut(item.text, kMaxItemText);
}

}  // namespace nutgraf

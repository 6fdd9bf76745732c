#include "daemon/article/xpath.h"

#include <libxml/parser.h>
#include <libxml/tree.h>
#include <libxml/xpath.h>

#include <algorithm>

#include "daemon/base/ascii.h"
#include "daemon/base/utf8.h"

namespace nutgraf {
namespace {

/// Longest attribute value that a condition sees.
constexpr std::size_t kMaxValue = 4096;

struct FreeDoc {
  void operator()(xmlDocPtr document) const { xmlFreeDoc(document); }
};
struct FreeContext {
  void operator()(xmlXPathContextPtr context) const { xmlXPathFreeContext(context); }
};
struct FreeObject {
  void operator()(xmlXPathObjectPtr object) const { xmlXPathFreeObject(object); }
};
using Context = std::unique_ptr<xmlXPathContext, FreeContext>;
using Object = std::unique_ptr<xmlXPathObject, FreeObject>;

const xmlChar* xml_text(const char* text) { return reinterpret_cast<const xmlChar*>(text); }

/// Makes `node` the last child. Not xmlAddChild(): that merges neighbouring texts and frees one.
void append(xmlNodePtr parent, xmlNodePtr node) {
  node->parent = parent;
  node->prev = parent->last;
  (parent->last == nullptr ? parent->children : parent->last->next) = node;
  parent->last = node;
}

/// A number in the pointer that libxml2 leaves to its user; nothing is ever read through it.
void* as_pointer(std::size_t number) {
  return reinterpret_cast<void*>(number);  // NOLINT(performance-no-int-to-ptr)
}

/// What libxml2 says goes where the caller wants it, or nowhere; by default it is printed.
void keep_error(void* where, xmlErrorPtr error) {
  if (where == nullptr || error == nullptr) return;
  auto& problem = *static_cast<SelectorProblem*>(where);
  if (problem.position != 0) return;
  std::string message = error->message == nullptr ? "Invalid expression" : error->message;
  while (!message.empty() && is_space(message.back())) message.pop_back();
  problem = {static_cast<std::size_t>(std::max(error->int1, 0)) + 1, std::move(message)};
}

Context context_of(xmlDocPtr document, SelectorProblem* problem) {
  Context context(xmlXPathNewContext(document));
  if (!context) return context;
  context->error = keep_error;
  context->userData = problem;
  return context;
}

}  // namespace

void set_up_libxml2() {
  static const bool done = (xmlInitParser(), true);
  static_cast<void>(done);
}

struct XPathTree::Tree {
  std::unique_ptr<xmlDoc, FreeDoc> document;
  std::vector<xmlNodePtr> nodes;  ///< By index; owned by the document.
};

XPathTree::XPathTree(const XPathLimits& limits) : limits_(limits), tree_(new Tree) {
  set_up_libxml2();
  tree_->document.reset(xmlNewDoc(xml_text("1.0")));
  tree_->nodes.push_back(reinterpret_cast<xmlNodePtr>(tree_->document.get()));
}

XPathTree::~XPathTree() = default;

void XPathTree::add_element(Index parent, const char* name, const char* const* attributes) {
  xmlNodePtr const node = xmlNewDocNode(tree_->document.get(), nullptr, xml_text(name), nullptr);
  if (node == nullptr) throw std::bad_alloc();
  node->_private = as_pointer(tree_->nodes.size());
  append(tree_->nodes[parent], node);
  tree_->nodes.push_back(node);
  for (; attributes != nullptr && attributes[0] != nullptr; attributes += 2) {
    if (attributes_++ >= limits_.attributes) return;
    const std::string value(cut_utf8(attributes[1] == nullptr ? "" : attributes[1], kMaxValue));
    xmlNewNsProp(node, nullptr, xml_text(attributes[0]), xml_text(value.c_str()));
  }
}

void XPathTree::add_text(Index parent) {
  xmlNodePtr const node = xmlNewDocText(tree_->document.get(), nullptr);
  if (node == nullptr) throw std::bad_alloc();
  node->_private = as_pointer(tree_->nodes.size());
  append(tree_->nodes[parent], node);
  tree_->nodes.push_back(node);
}

void XPathTree::set_text(Index node, std::string_view text) {
  text = cut_utf8(text, limits_.text - text_);
  text_ += text.size();
  if (!text.empty()) {
    tree_->nodes[node]->content = xmlStrndup(xml_text(text.data()), static_cast<int>(text.size()));
  }
}

/// A step may compare its result with as many as there are, and read all the text, some 16 bytes in
/// the time of a comparison.
std::uint64_t XPathTree::per_step() const { return tree_->nodes.size() + text_ / 16; }

std::vector<XPathTree::Index> XPathTree::select(const std::string& xpath, bool trusted) {
  std::uint64_t allowed = limits_.steps - std::min(steps_, limits_.steps);
  if (!trusted) {
    const std::uint64_t left = limits_.comparisons - std::min(comparisons_, limits_.comparisons);
    allowed = std::min(allowed, left / per_step());
  }
  if (!trusted && tree_->nodes.size() > limits_.nodes) allowed = 0;
  exhausted_ = exhausted_ || allowed == 0;
  const Context context = context_of(tree_->document.get(), nullptr);
  if (!context || allowed == 0) return {};
  // Numbers the elements: without it every comparison in a sort walks over siblings.
  if (steps_ == 0) xmlXPathOrderDocElems(tree_->document.get());
  context->opLimit = allowed;
  const Object found(xmlXPathEval(xml_text(xpath.c_str()), context.get()));
  steps_ += context->opCount;
  if (!trusted) comparisons_ += context->opCount * per_step();
  exhausted_ = exhausted_ || context->opCount >= allowed;
  if (!found || found->type != XPATH_NODESET || found->nodesetval == nullptr) return {};
  std::vector<Index> out;
  for (int i = 0; i < found->nodesetval->nodeNr; ++i) {
    const xmlNodePtr node = found->nodesetval->nodeTab[i];
    if (node->type != XML_ELEMENT_NODE && node->type != XML_TEXT_NODE) continue;
    out.push_back(static_cast<Index>(reinterpret_cast<std::uintptr_t>(node->_private)));
  }
  std::ranges::sort(out);
  return out;
}

SelectorProblem check_xpath(const std::string& xpath) {
  set_up_libxml2();
  SelectorProblem problem;
  const std::unique_ptr<xmlDoc, FreeDoc> document(xmlNewDoc(xml_text("1.0")));
  const Context context = context_of(document.get(), &problem);
  if (!document || !context) return {1, "out of memory"};
  // XPath 1.0 without variables has static types: an empty document shows what an expression gives.
  context->opLimit = 1'000'000;
  const Object value(xmlXPathEval(xml_text(xpath.c_str()), context.get()));
  if (problem.position != 0) return problem;
  if (!value) return {1, "it cannot be evaluated"};
  if (value->type != XPATH_NODESET) {
    return {1, "it gives a number, a text or a truth value; write a path to elements (//…)"};
  }
  return {};
}

}  // namespace nutgraf

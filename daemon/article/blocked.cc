#include "daemon/article/blocked.h"

#include <algorithm>
#include <string>

#include "daemon/article/letters.h"
#include "daemon/article/phrases.h"

namespace nutgraf {
namespace {

using Index = HtmlDocument::Index;

// clang-format off
constexpr std::string_view kChallengeWords[] = {
    "checking if the site connection is secure", "checking your browser", "verify|verifying that? you are a? human",
    "verify you're a? human", "are you a robot|human", "attention required : cloudflare",
    "enable javascript and cookies to continue", "please enable javascript|cookies|js", "please turn on javascript|cookies|js",
    "access to this page has been denied", "access to this page is denied", "access is? denied", "you have been blocked",
    "you are blocked", "unusual traffic", "complete the security check", "complete the captcha", "ddos protection by",
    "request unsuccessful incapsula", "pardon our interruption", "bot verification", "security check", "403 forbidden",
    "you don't have permission to access", "our systems have detected", "before you continue to", "press and? hold"};

constexpr std::string_view kConsentWords[] = {
    "we and our #? partners|vendors", "we use cookies", "we value your privacy", "wir und unsere #? partner",
    "wir verwenden cookies", "wir benötigen ihre zustimmung", "zustimmung", "mit werbung|tracking weiterlesen|lesen|und",
    "nous et nos #? partenaires", "nous utilisons des cookies", "accept all|cookies", "alle akzeptieren", "tout accepter",
    "cookie policy|settings|consent", "consent", "datenschutz", "manage preferences|options", "pur abo", "pur-abo", "werbefrei",
    "before you continue"};

constexpr std::string_view kLoginWords[] = {
    "log|sign in", "login|signin", "create a|your free? account", "password", "passwort", "mot de passe", "anmelden",
    "einloggen", "se connecter", "iniciar sesión|sesion", "register now|to"};

constexpr std::string_view kLoginTitles[] = {"log|sign in ~80", "login|signin|anmelden|connexion|acceso ~80"};

constexpr std::string_view kChallengeScripts[] = {
    "cf-browser-verification", "cf_chl_", "challenge-platform/h/", "__cf_chl", "_Incapsula_Resource", "px-captcha",
    "captcha-delivery.com", "geo.captcha", "distil_r_captcha", "ak_bmsc_challenge", "sucuri_cloudproxy", "g-recaptcha",
    "h-captcha"};
// clang-format on

const PhraseSet& challenge_words() {
  static const PhraseSet set(kChallengeWords);
  return set;
}

bool is_challenge(std::string_view line) {
  if (lower_utf8(cut_utf8(line, 3000)).find("just a moment...") != std::string::npos) return true;
  return challenge_words().contains(cut_utf8(line, 3000));
}

std::size_t consent_words(std::string_view text) {
  static const PhraseSet set(kConsentWords);
  return set.count(cut_utf8(text, 12'000), 4);
}

bool mentions_login(std::string_view text) {
  static const PhraseSet set(kLoginWords);
  return set.contains(text);
}

bool is_login_title(std::string_view title) {
  static const PhraseSet set(kLoginTitles);
  return set.matches(title);
}

bool has_challenge_script(std::string_view bytes) {
  return std::ranges::any_of(kChallengeScripts, [bytes](std::string_view script) {
    return bytes.find(script) != std::string_view::npos;
  });
}

bool has_password_field(const HtmlDocument& document) {
  for (Index i = document.find(Tag::kInput); i != HtmlDocument::kNone;
       i = document.find(Tag::kInput, i + 1)) {
    if (equals_ignoring_case(document.attr(i, Attr::kType), "password")) return true;
  }
  return false;
}

/// More than this is never asked for.
constexpr std::size_t kBodyBytes = 12'000;

}  // namespace

std::string_view blocked_reason(const HtmlDocument& document, std::string_view bytes,
                                std::string_view title, std::string_view text) {
  const std::size_t length = char_count(cut_utf8(text, 8000));
  if (length >= 1200) return {};
  if (is_challenge(title)) return "challenge";
  const Index found = document.find(Tag::kBody);
  const std::string body = document.line(found == HtmlDocument::kNone ? 0 : found, kBodyBytes);
  const std::size_t shown = char_count(body);
  if (shown < 1500 && is_challenge(body)) return "challenge";
  if (shown < 600 && has_challenge_script(bytes)) return "challenge";
  if (length < 800 && consent_words(text) >= 3) return "consent";
  if (length < 800 && shown < 3000 && consent_words(body) >= 4) return "consent";
  if (length < 200 && has_password_field(document) && mentions_login(body)) return "login";
  if (length < 200 && is_login_title(title)) return "login";
  if (shown < 200) return "empty";
  return {};
}

}  // namespace nutgraf

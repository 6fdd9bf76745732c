#include "daemon/article/furniture.h"

#include <string_view>

namespace nutgraf {
namespace {

// clang-format off
// NOLINTBEGIN(bugprone-suspicious-missing-comma): long phrases.
constexpr std::string_view kJunkLines[] = {
    // Advertisements and page controls
    "advertisement|advertisements|ad|anzeige|werbung|publicidad|publicité|pubblicità|reklama",
    "sponsored content?",
    "story|article continues below|after ~200",
    "continue reading ~200", "keep reading below", "loading ~20", "scroll down", "scroll to continue ~60",
    "share|tweet|pin|email|print|save|comment|comments|reply|facebook|twitter|whatsapp|linkedin|reddit|listen|"
    "read|watch|play|next|previous|prev|top|close|menu|search|home|more|login|register|subscribe|follow|whatsapp|telegram|pinterest|messenger "
    "this|article|story|on|via|us|with|facebook|twitter|whatsapp|linkedin|reddit|now|post|page|email|print|pinterest|telegram|"
    "instagram|link|copy|x|share|more|save*",
    "copy link", "back to top", "view|see all", "show|load more", "log in", "sign in", "share on :? ~30",
    "shares|share|comments|comment|views|view|likes|like|retweets #?", "# shares|share|comments|comment|views|view|likes|like|retweets|replies|responses ~40",
    "# min|mins|minute|minutes read?", "wird geladen ~20", "cargando ~20", "chargement ~20", "bisher? keine|kein kommentare|kommentar ~20",
    "leave|post|add|write a comment|reply ~200", "no comments ~40", "be the first to comment ~60",
    "your email address will not be published ~200", "required fields are marked ~40",
    "jetzt? newsletter|abonnieren|anmelden|teilen|drucken|merken|kommentieren|partager|imprimer|compartir|imprimir|condividi|drukuj|udostępnij "
    "~30",
    "mehr anzeigen", "weiterlesen ~60", "lire la suite ~60", "weiter ~60",
    // Links to other stories
    "related|recommended|trending|latest|popular|top articles|article|stories|story|news|posts|post|topics|topic|content|coverage|links|reading|videos|video|now*",
    "more articles|article|stories|story|news|posts|post|topics|topic|content|coverage|links|reading|videos|video|now*",
    "more|latest from|on|in ~40", "most read|popular|viewed|shared|commented ~20",
    "you may|might also? like ~30", "you may also ~30", "read|up next ~30", "don't miss ~30", "see also ~30",
    "editor's|editors|editors' pick|picks|choice ~30", "what to read next ~30",
    "read|see more : ~220", "read|see also : ~220", "also read|see|on : ~220", "more on this : ~220",
    "related story|article|video|news|articles|stories? : ~220", "must read : ~220", "don't miss : ~220",
    "recommended|watch|listen|read|more|next|video|photos|photo|gallery : ~220", "watch now|video : ~220", "in pictures : ~220",
    "baca juga : ~220", "lire aussi : ~220", "à lire aussi : ~220", "lees ook : ~220", "lesen sie auch|mehr|dazu|hier : ~220",
    "lesen sie auch die ~60", "auch interessant : ~220", "auch auf : ~220", "siehe auch : ~220",
    "mehr dazu : ~220", "mehr zum thema : ~220", "weitere informationen : ~220", "leggi anche : ~220",
    "lea también|tambien|además|mas|más : ~220", "leia também|tambem|mais : ~220", "te puede interesar : ~220",
    "te recomendamos : ~220", "ver también : ~220", "mira : ~220", "czytaj też|także|więcej : ~220", "zobacz też|także : ~220",
    "le puede interesar : ~220", "puede leer|ver : ~220", "también lea|lee : ~220", "también puedes? leer : ~220", "no te pierdas : ~220",
    "à lire : ~220", "sur le même sujet : ~220", "voir aussi : ~220", "vous aimerez aussi ~40", "potrebbe interessarti ~40", "veja também : ~220",
    "zie ook : ~220", "läs också|mer : ~220", "læs også : ~220", "les også : ~220", "przeczytaj także|też|również : ~220", "czytaj również : ~220",
    "empfehlungen aus der redaktion", "empfohlene artikel|beiträge", "zum thema : ~220", "mehr lesen : ~220",
    "читайте|смотрите также : ~220", "читайте также ~220",
    // Topics, credits
    "tags|tag|topics|topic|categories|category|labels|label|keywords|keyword|schlagworte|etiquetas|теги : ~300",
    "this entry|post|article was posted|published|filed|written|tagged ~300", "bookmark the permalink ~60",
    "dieser beitrag|eintrag|artikel wurde .. abgelegt|veröffentlicht|gepostet ~200", "you can follow|skip|leave .. responses|response|rss|trackback ~200",
    "like this|loading story|article|post? : ~40", "like this|loading : ~40", "gefällt mir : ~40", "gefällt mir wird geladen ~20",
    "like loading ~20", "j'aime chargement ~20", "me gusta cargando ~20", "mi piace caricamento ~20",
    "filed under : ~300", "posted in : ~300", "in this article : ~300", "more about : ~300", "tags|topics", "filed under ~100",
    "photo|photos|image|picture|photograph|foto|fotos|bild|titelbild|abbildung|bildquelle|bildnachweis|fotó|zdj|fot credit|by|courtesy|source? : ~140",
    "photo|photos|image|images|picture|pictures|photograph|photographs|photography by|via|courtesy ~100",
    "credit : ~140", "source image : ~140", "crédit photo : ~140", "file photo ~120", "abb : ~140",
    "quelle|fuente|source|sources : ~80",
    // Prompts and law
    "sign up ~240", "signup ~240", "subscribe ~240", "get the|our ~240", "join our ~240", "follow|like us ~240", "download the|our ~240",
    "support our ~240", "enter your email ~240", "become a member|subscriber|supporter|patron ~240", "to continue reading ~240",
    "already have an account|subscription ~60", "already a? subscriber ~60",
    "by signing|subscribing|registering up? .. you agree|consent|accept|acknowledge ~400",
    "thanks|thank you? for signing|subscribing up? ~80", "unlock this|the|full article|story ~160",
    "this article|story|content is exclusive|reserved|only to|for ~100", "republish this|our article|articles|story|stories ~60",
    "schon|bereits abonnent|abonnentin|registriert ~60", "sie haben|sind bereits|schon ein? abo|abonnement|konto|abonnent ~60",
    "déjà abonné|abonnée|inscrit ~60", "ya|si eres suscriptor|socio ~60", "già abbonato|registrato ~60",
    "copyright|© ~200", "all rights reserved ~200", "c copyright? # ~200", "photo|foto|bild|image © ~140",
    "this site|website uses cookies|akismet ~300", "we use cookies ~300", "alle angaben ohne gewähr",
    // Dates and bylines on their own
    "published|updated|posted on|at? : ~60", "published|updated|posted on|at? # ~60",
    "published|updated|posted on|at|monday|tuesday|wednesday|thursday|friday|saturday|sunday|january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|mar|apr|jun|jul|aug|sep|sept|oct|nov|dec ~50",
    "last updated|modified ~60", "letzte aktualisierung ~50", "zuletzt aktualisiert ~50", "stand : ~50", "stand # ~50",
};
// NOLINTEND(bugprone-suspicious-missing-comma)

constexpr std::string_view kTailHeadings[] = {
    "related articles|article|posts|post|stories|story|news|content|topics|topic|links|link|reading|videos|video|coverage|items|item|pages|page?",
    "more from|stories|news|article|articles|post|posts|coverage|reading ~50", "read more|next|also",
    "recommended stories|articles|reading|posts|post|videos|video?", "recommended for you", "recommended reading ~20",
    "you may|might also? like|enjoy ~20", "you may|might also? be interested ~30", "leave|post|add|write a comment|reply ~30",
    "# comments|comment|responses|response|replies", "# comments|comment|responses|response|replies|thoughts|thought on|to ~120",
    "comments|comment #?", "about the author|authors ~60", "share this ~30", "most read|popular|viewed|shared|commented ~20",
    "trending now|stories|news|topics|topic?", "latest|popular|recent|top news|stories|posts|post|articles|article|videos|video|comments",
    "tags|tag|topics|topic", "sign up ~80", "subscribe ~80", "follow us ~60", "newsletter", "join the conversation|discussion ~40",
    "like this", "see also", "share", "about us", "republish this|our article|articles|story|stories ~40",
    "want|how to republish ~60",
    "das könnte sie|dich auch interessieren", "mehr zum thema ~40", "mehr von|aus|zu ~40",
    "weitere artikel|themen|meldungen|nachrichten|news|beiträge|infos|informationen|links ~40", "ähnliche artikel|beiträge",
    "lesen sie auch", "kommentar|kommentare #?", "schlagworte", "themen", "lire aussi", "à lire aussi",
    "sur le même sujet|thème", "commentaire|commentaires #?", "articles similaires|liés", "te puede interesar",
    "noticias relacionadas", "comentario|comentarios", "leia também|mais", "leggi anche", "potrebbe interessarti",
    "vous aimerez aussi ~40", "voir aussi", "les plus lus", "te puede gustar ~40", "también te puede interesar ~40", "lo más leído|visto ~20",
    "notas|noticias|artículos relacionadas|relacionados", "contenido relacionado", "articoli correlati", "artigos relacionados", "veja também",
    "ti potrebbe interessare ~40", "i? più letti", "meistgelesen ~20", "empfehlungen aus der redaktion", "empfohlene artikel|beiträge",
    "verwandte artikel|themen|beiträge", "passend zum thema", "passende artikel|beiträge", "auch interessant", "zie ook", "gerelateerd ~30",
    "lees ook|meer", "читайте также", "czytaj też|także",
};

constexpr std::string_view kPrompts[] = {
    "follow us|me|him|her", "follow .. on|at twitter|facebook|instagram|bluesky|mastodon|x", "sign up for|to", "subscribe to|now|for", "our free? newsletter", "join our", "support us|our",
    "become a member|supporter|patron", "hazte socio|miembro", "canal de telegram|whatsapp", "abonnieren sie",
    "melden sie sich", "unser|unsere|unseren newsletter", "abonnez-vous", "suscríbete", "suscribete", "iscriviti", "your support",
    "a donation", "buy me a coffee", "suggested citation",
};

constexpr std::string_view kCutHeadings[] = {
    "about the? author|authors ~60", "related", "related ~40", "more from|on|stories|news|in|like|coverage ~50",
    "read|see more|next|also ~40", "recommended ~40", "you may|might also? like|enjoy ~30", "you may|might also? be interested ~40",
    "leave|post|add|write a comment|reply|response ~60", "#? comment|comments|reply|replies|response|responses #?",
    "share this|on|via|the ~40", "share", "most|trending|popular|latest read|popular|post|posts|news|stories|articles|now ~30",
    "sign up ~140", "signup|subscribe ~140", "join our|the|us ~140", "follow us ~60", "newsletter|newsletters ~40",
    "read? the? original|full story|article|post|source ~40", "read the original|full ~60",
    "previous|next post|article|story ~120", "like this", "advertisement|advertisements",
    "lesen sie auch ~40", "mehr zum thema ~40", "lire aussi ~40", "à lire aussi ~40", "sur le même sujet|thème", "noticias relacionadas",
    "te puede interesar ~40", "leggi anche ~40", "leia também ~40", "lees ook ~40", "читайте также ~40", "kommentare #?",
};

constexpr std::string_view kPlainJunkLines[] = {
    "posted|filed|published in|under : ~200", "tags|tag|topics|topic|categories|category|labels|label|keywords|keyword : ~300",
    "schlagworte|etiquetas|теги : ~300", "leave|post|add|write a comment|reply ~60",
    "you need|must|have to be? log|logged|login in? ~80", "log in", "login", "sign in", "signin",
    "your email address will not be published ~200", "required fields are marked ~60",
    "share this|on|via ~40", "share", "advertisement", "anzeige|werbung|publicidad|publicité|pubblicità|reklama", "sponsored content?",
    "this site|website uses? cookies ~300", "we uses? cookies ~300", "we use cookies ~300", "this site|website use|uses cookies ~300",
    "sign up ~160", "signup|subscribe ~160", "©|copyright ~160", "all rights reserved ~200", "save my name email ~200",
    "read the original|full ~80", "read|watch|see more|also? : ~160", "also read ~160",
    "lire aussi : ~220", "à lire aussi : ~220", "lesen sie auch : ~220", "leggi anche : ~220", "lees ook : ~220", "читайте также : ~220",
};

constexpr std::string_view kCreditLines[] = {
    "edited|written|reported|compiled|translated|reviewed|photo|photos|image|images by ~60", "with? input|inputs from ~60",
    "source|sources|credit|credits|photo|image : ~120", "last? updated|published|posted on|at? # ~50", "last? updated|published|posted on|at? : ~50",
    "last? updated|published|posted on|at ~50", "last updated ~50",
};
// clang-format on

}  // namespace

const PhraseSet& cut_headings() {
  static const PhraseSet set(kCutHeadings);
  return set;
}

const PhraseSet& plain_junk_lines() {
  static const PhraseSet set(kPlainJunkLines);
  return set;
}

const PhraseSet& credit_lines() {
  static const PhraseSet set(kCreditLines);
  return set;
}

const PhraseSet& junk_lines() {
  static const PhraseSet set(kJunkLines);
  return set;
}

const PhraseSet& tail_headings() {
  static const PhraseSet set(kTailHeadings);
  return set;
}

const PhraseSet& prompts() {
  static const PhraseSet set(kPrompts);
  return set;
}

}  // namespace nutgraf

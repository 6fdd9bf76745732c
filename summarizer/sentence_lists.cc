#include "summarizer/sentence_lists.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <string>

namespace nutgraf::summarizer {
namespace {

struct Row {
  std::string_view language;
  std::string_view never;
  std::string_view maybe;
  std::string_view start;
};

// clang-format off
constexpr Row kRows[] = {
    {"en",
     "adm ald assoc asst atty brig capt cdr cf cllr cmdr col cpl det dist dr e.g fr gen "
     "gov govs hon i.e insp lt maj messrs mlle mme mr mrs ms msgr pfc pres prof pvt rep "
     "reps rev rs sen sens sgt supt v viz vs",
     "al ala approx apr ariz ark assn aug ave b.a bldg blvd bros btw ca calif co colo conn "
     "corp cos d.c dec del dept e.u ed eds esq est etc feb fla fri ft ga hr hrs hwy ill "
     "inc incl ind intl jan jr jul jun kan ky l.a la lb lbs llc ltd m.a m.d mar mass md "
     "med mich minn miss mo mon mont mph mt n.y natl neb nev nov oct okla op ore oz pa "
     "penn ph.d plc rd ret rs sat sep sept sr st sun tenn tex thu thur thurs trans tue "
     "tues u.k u.n u.s u.s.a univ va vol vt wash wed wis wyo yr yrs",
     "A After All Also Although An And Are As At Because Before Both But By Can Could "
     "Despite Did Do Does Don't During Finally For From He He's Her Here His How However I "
     "I'm I've If In Instead Is It It's Its Let Let's Many Meanwhile Most My No Not Now On "
     "Our Please She She's Since So Some Still Such That That's The Their Then There "
     "There's These They They're This Those Though To Was We We're Were What When Where "
     "While Who Why Will With Would Yes Yet You"},
    {"de",
     "abs art b bd bspw bzw ca d.h dipl dr ev evtl fr frl geb gem gest ggf hr hrsg i.d.r "
     "ing inkl jh kath lt med nr o.g prof s sog st str t u u.a v.a verh vgl vs z z. z.b z.t",
     "apr aug chr dez etc feb jan jul jun min mio mrd nov okt sek sep sept std tsd usw",
     "Aber Als Am An Auch Auf Aus Bei Beim Bis Da Dabei Damit Dann Das Dazu Denn Der Die "
     "Dies Diese Dieser Dieses Doch Dort Ein Eine Einem Einen Er Es Für Ich Ihr Im In Ja "
     "Jetzt Man Mit Nach Nein Noch Nun Nur Seit Sie So Und Von Vor Warum Was Wenn Wer Wie "
     "Wir Wo Während Zu Zudem Zum Zur"},
    {"es",
     "admón art arts av avda cnel cra d dn dr dra dña ee ext fig gral ing lic mt n no num "
     "núm prof pág págs párrf sr sra srta sta sto tel ud uds vd",
     "abr ago aprox cía dic ene etc feb hs jul jun ltda mar nov oct sep set uu",
     "A Además Al Como Con Cuando Cómo De Del El Ella Ellos En Es Esa Ese Esta Este Esto "
     "La Las Lo Los No Nosotros Para Pero Por Quién Qué Se Si Su Sus Sí También Un Una Y "
     "Yo Él"},
    {"it",
     "amm arch art avv cap dir dott dott.ssa dr egr es fig gent geom ing mons n nr on p.es "
     "pag pagg prof prof.ssa rag s sig sig.na sig.ra sig.ri spett st tel vol",
     "ago apr dic ecc etc feb gen giu lug mag mar nov ott set sett",
     "Al Alla Anche Che Chi Come Con Da Di E Gli I Il In Io L' La Le Lei Lo Loro Lui Ma Mi "
     "Nel Nella Noi Non Per Poi Quando Questa Questo Se Si Un Una È"},
    {"fr",
     "art av bd cf dr ex fig m me mgr mlle mm mme n p pp pr st ste vol",
     "avr déc env etc févr janv juil nov oct sept",
     "Au Aux Avec C'est Ce Ces Cette Dans De Des Du Elle Elles En Et Il Ils Je L' La Le "
     "Les Mais Nous On Par Pour Quand Sa Selon Ses Si Son Sur Un Une Vous À"},
    {"da",
     "bl.a ca dr e.g evt f.eks fr frk hr i.e ift inkl jf kl mht mr mrs mt nr pga prof rs s "
     "sct skt vedr viz vs",
     "apr aug co dec etc feb inc jan jr jul jun ltd m.fl mar mia mio nov okt osv sep sr st",
     "At But Da De Den Der Det Du Efter En Et Finally For Fra Han Han's He How Hun Hvad "
     "Hvem Hvis Hvor I I'm In It Jeg Med Men Mr Nu Når Og On På She Som Så The They This "
     "Til Travelers Ved Vi We What"},
    {"sv",
     "bl.a ca d.v.s dr dvs fr hr kl nr prof s st t.ex",
     "",
     "De Den Det Där Efter En Ett Från För Han Hon I Jag Med Men Nu När Och Om På Som Så "
     "Vad Vem Vi"},
    {"nb",
     "bl.a ca dr dvs f.eks fr hr kl nr prof s st",
     "",
     "De Den Der Det En Et Etter For Fra Han Hun Hva Hvem Hvis I Jeg Med Men Nå Når Og På "
     "Som Så Vi"},
    {"nl",
     "bijv blz bv ca d.w.z dhr dr drs ing ir mevr mr mw nr o.a prof st",
     "",
     "Als Bij Dat De Deze Die Dit Een En Er Het Hij Ik In Maar Met Na Om Ook Op Toen Van "
     "Volgens Voor We Wij Ze Zij"},
    {"pt",
     "art av d dr dra eng fig n nº prof profa pág r sr sra srta st sta",
     "",
     "A As Com Como Da De Do E Ela Elas Ele Eles Em Esta Este Isso Mas Na Nas No Nos Não O "
     "Os Para Por Quando Se Segundo Sim Também Um Uma"},
    {"pl",
     "al bałt dr gen im inż ks m.in mgr np nr ok p prof płk str tzn tzw ul św",
     "",
     "A Ale Dla Do Gdy I Jak Jeśli Kiedy Na Nie Od On Ona Oni Po Przed Ta Te Ten To W Z Za"},
    {"ru",
     "акад г гг ген гр д доц им кв корп куб напр о обл пгт пер пл пос пр пр-т проф р-н рис "
     "с св см стр т т.е т.к т.н табл тел тов ул",
     "в вв долл др млн млрд н.э руб тыс",
     "В Вы Для Если И К Как Когда Кто Мы На Не Но Однако Он Она Они Оно По После "
     "Предъявите При С Также Что Это Я"},
    {"bg",
     "бул вкл г гр д-р инж напр пл проф св т.е т.н ул",
     "в др лв",
     "Ако В За И Като Когато На Не Но По При След Те То Това Той Тя"},
    {"kk",
     "",
     "б.з.б т т.б",
     ""},
    {"fi",
     "esim klo ks mm nk ns prof tri ts ym",
     "",
     "He Hän Ja Jos Kun Me Minä Mutta Myös Ne Nyt Se Siellä Te Tämä"},
    {"hu",
     "dr id ifj kb pl prof stb u ún",
     "",
     "A Amikor Az De Egy Ez Ha Is Itt Mi Most Nem Ott Én És Ő Ők"},
    {"ro",
     "al art dl dna dr gen ing nr prof str",
     "",
     "Această Acest Când Dacă Dar De Ea Ei El Ele La Nu O Pe Potrivit Un În Și"},
    {"tr",
     "av doç dr no prof sn vb yrd",
     "",
     "Ama Ancak Ben Bir Biz Bu Daha Eğer Fakat O Onlar Ve Şu"},
    {"cs",
     "dr ing mgr např p prof tj tzv",
     "",
     ""},
};

constexpr std::string_view kNumbered =
    "abs apr art arts aug bd ch chap dec eq ext feb fig figs jan jul jun mar n no nos nov "
    "nr num n° nº núm oct op p pag page par para paras pg pp pág rs s sec secs sect sep "
    "sept str tel vol кв рис стр ул";
constexpr std::string_view kTimeCompanions =
    "Apr April Aug August BST CDT CET CST CT Central Dec December EDT EST ET Eastern Feb "
    "February Fri Friday GMT Greenwich Jan January Jul July Jun June MST MT Mar March May "
    "Mon Monday Mountain Nov November Oct October PDT PST PT Pacific Sat Saturday Sep "
    "Sept September Sun Sunday Thu Thurs Thursday Tue Tues Tuesday UTC Wed Wednesday";
constexpr std::string_view kSpeechVerbs =
    "added adds answered asked asks continued cried declared exclaimed explained insisted "
    "joked recalled replied said says shouted told tweeted wondered wrote yelled";
// clang-format on

constexpr std::string_view kOrdinalLanguages[] = {"de", "da", "nb", "nn", "no", "sv",
                                                  "fi", "hu", "cs", "pl", "tr"};

std::string_view row(std::string_view language, std::string_view Row::*list) {
  const auto found = std::ranges::find(kRows, language, &Row::language);
  return found == std::end(kRows) ? std::string_view() : (*found).*list;
}

SentenceLists make(std::string_view language) {
  std::string_view own = language;
  if (own == "und") own = "en";
  if (own == "no" || own == "nn") own = "nb";
  // Danish news is full of English names and quotes, whose abbreviations mean nothing else there.
  const auto list = [&](std::string_view Row::*which) {
    std::string words(row(own, which));
    if (own == "da") words.append(" ").append(row("en", which));
    return WordSet(words);
  };
  SentenceLists lists{list(&Row::never), list(&Row::maybe), list(&Row::start)};
  lists.ordinals = std::ranges::count(kOrdinalLanguages, own) > 0;
  lists.elides = own == "it" || own == "fr";
  lists.question = own == "el" ? U';' : own == "hy" ? U':' : U'\0';
  return lists;
}

std::map<std::string, SentenceLists, std::less<>> make_all() {
  std::map<std::string, SentenceLists, std::less<>> all;
  for (const Row& r : kRows) all.emplace(r.language, make(r.language));
  for (const char* language : {"und", "no", "nn", "el", "hy"})
    all.emplace(language, make(language));
  return all;
}

}  // namespace

const SentenceLists& sentence_lists(std::string_view language) {
  static const auto all = make_all();
  static const SentenceLists none;
  const auto found = all.find(language);
  return found == all.end() ? none : found->second;
}

const WordSet& numbered_abbreviations() {
  static const WordSet words(kNumbered);
  return words;
}

const WordSet& time_companions() {
  static const WordSet words(kTimeCompanions);
  return words;
}

const WordSet& speech_verbs() {
  static const WordSet words(kSpeechVerbs);
  return words;
}

}  // namespace nutgraf::summarizer

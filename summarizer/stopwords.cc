#include "summarizer/stopwords.h"

#include <map>
#include <string>

#include "summarizer/words.h"

namespace nutgraf::summarizer {
namespace {

struct Row {
  std::string_view language;
  std::string_view words;
};

// clang-format off
constexpr Row kRows[] = {
    {"en",
     "a about above after again against all also am an and any are aren't as at be because been before being below "
     "between both but by can can't cannot could couldn't did didn't do does doesn't doing don't down during each few "
     "for from further get got had hadn't has hasn't have haven't having he he'd he'll he's her here here's hers "
     "herself him himself his how how's i i'd i'll i'm i've if in into is isn't it it'd it'll it's its itself just let "
     "let's like me more most mr mrs ms mustn't my myself no nor not now of off on once one only or other ought our "
     "ours ourselves out over own said same say saying says shall shan't she she'd she'll she's should shouldn't so "
     "some such than that that'd that'll that's the their theirs them themselves then there there'd there's these they "
     "they'd they'll they're they've this those through to told too two under until up upon us very was wasn't we we'd "
     "we'll we're we've were weren't what what's when when's where where's which while who who'd who's whom whose why "
     "why's will with won't would wouldn't you you'd you'll you're you've your yours yourself yourselves"},
    {"de",
     "aber alle allem allen aller alles als also am an ander andere anderem anderen anderer anderes auch auf aus bei "
     "beim bin bis bist da dabei dadurch dafür dagegen daher damit dann daran darauf darf darum das dass daß dazu dein "
     "deine dem den denen denn der deren des deshalb dessen die dies diese diesem diesen dieser dieses dir doch dort du "
     "durch ein eine einem einen einer eines einige einigen einmal er erst es etwas euch euer für gegen gesagt gibt hab "
     "habe haben hat hatte hatten hier hin hinter ich ihm ihn ihnen ihr ihre ihrem ihren ihrer ihres im immer in ins ist "
     "ja jede jedem jeden jeder jedes jedoch jene jetzt kann kein keine keinem keinen keiner können könnte machen man "
     "mehr mein meine meinem meinen meiner mich mir mit muss müssen nach nicht nichts noch nun nur ob oder ohne sagt "
     "sagte sehr seien sei sein seine seinem seinen seiner seines seit selbst sich sie sind so sollen sollte sondern "
     "sonst sowie über um und uns unser unsere unter viel vom von vor war waren warum was wegen weil weiter welche "
     "welcher wenn wer werde werden wie wieder will wir wird wo wollen worden wurde wurden zu zum zur zwar zwischen"},
    {"fr",
     "à afin ai aient ainsi alors après as au aucun aucune aujourd aura aussi autre autres aux avaient avait avant avec "
     "avoir ayant c car ce ceci cela celle celles celui cependant ces cet cette ceux chaque chez ci comme comment contre "
     "d dans de depuis des deux dit dont donc du elle elles en encore entre est et étaient était étant été être eu eux "
     "fait faire font fut hui il ils j je jusqu l la là laquelle le lequel les lesquels leur leurs lors lui m ma mais me "
     "même mêmes mes moins mon n ne ni non nos notre nous on ont ou où par parce pas pendant peu peut plus plusieurs "
     "pour pourquoi près puis qu quand que quel quelle quelles quelques quels qui quoi s sa sans se selon sera ses si "
     "soit son sont sous sur t ta te tes toi ton tous tout toute toutes très tu un une va vers voici vos votre vous y"},
    {"es",
     "a al algo algunas algunos ante antes aquel aquella así aún aunque cada como con contra cual cuando de del desde "
     "después dice dijo donde dos durante e el él ella ellas ellos en entre era eran es esa esas ese eso esos esta está "
     "estaba están estar estas este esto estos fue fueron fui ha había han hasta hay he la las le les lo los más me "
     "mediante mi mis mientras mismo mucho muchos muy nada ni no nos nosotros nuestra nuestro o os otra otras otro otros "
     "para pero poco por porque pues que qué quien quienes se sea según ser si sí sido sin sobre son su sus también "
     "tampoco tan tanto te tener tiene tienen todo todos tras tu tus un una unas uno unos usted y ya yo"},
    {"it",
     "a abbia ad agli ai al alla alle allo altra altre altri altro anche ancora avere aveva avevano c che chi ci ciò "
     "come con contro cosa così cui d da dagli dai dal dalla dalle dallo degli dei del dell della delle dello detto di "
     "dopo dove due e è ed era erano essere fa fino fra fu furono già gli ha hai hanno ho i il in io l la le lei li lo "
     "loro lui ma mentre mi mia mio molto ne negli nei nel nell nella nelle nello no noi non nostra nostro o ogni oggi "
     "per perché però più poi prima può qual quale quali quando quanto quella quelle quelli quello questa queste questi "
     "questo qui s sarà se secondo sempre senza si sia siamo sono sta stata stati stato su sua sue sugli sui sul sull "
     "sulla sulle suo suoi tra tu tutta tutti tutto un una uno va vi voi"},
    {"pt",
     "à às a ainda algo alguns além antes ao aos apenas após aquela aquele as assim até cada com como contra da das de "
     "dela dele deles depois desde dessa desse desta deste disse do dois dos durante e é ela elas ele eles em embora "
     "enquanto entre era eram essa esse esta está estão estava este eu foi foram há isso isto já la lhe mais mas me "
     "menos mesmo meu minha muito muitos na nas não nem nenhum no nos nós nossa nosso num numa o onde os ou outra outras "
     "outro outros para pela pelas pelo pelos pode pois por porque quando quanto que quem se segundo seja sem sempre ser "
     "será seu seus si sido sob sobre sua suas também tem têm tendo ter teve tinha toda todas todo todos tudo um uma "
     "umas uns vai vos você vocês"},
    {"nl",
     "aan al alle alleen als altijd andere ben bij daar dan dat de deze die dit doch doen door dus een eens en er ge geen "
     "haar had hadden heb hebben heeft hem het hier hij hoe hun iets ik in is ja je kan kunnen maar me meer men met mij "
     "mijn moet moeten na naar niet niets nog nu of om omdat onder ons ook op over reeds sinds te tegen toch toen tot tussen "
     "u uit uw van vanaf veel volgens voor waar waren was wat we weer wel werd werden wie wij wil worden wordt zal ze zegt "
     "zei zelf zich zij zijn zo zoals zonder zou zouden"},
    {"sv",
     "alla allt än andra att av blev bli blir där de dem den denna deras dess dessa det detta dig din där då efter ej "
     "eller en er ett från för få får ha hade han hans har henne hennes hon honom hur här i icke in inför ingen inom inte "
     "jag ju kan kom kommer kunde man med mellan men mer mig min mot mycket ni nu när någon något några och om oss på "
     "sade samma sedan sig sin sina sitt själv ska skulle som säger så sådan till under upp ut utan vad var vara varför "
     "vi vid vilka vilken vill år över också"},
    {"da",
     "af alle alt anden at blev blive bliver da de dem den denne der deres det dette dig din dog du efter eller en end "
     "er et for fra få får før ham han hans har havde have hende hendes her hos hun hvad hvem hver hvilken hvis hvor "
     "hvordan i ikke ind jeg jer jo kan kom kunne man mange med meget men mere mig min mod ned noget nogle nu når og også "
     "om op os over på sagde sammen selv sig siden siger sin sine sit skal skulle som sådan så til ud under var ved vi "
     "vil ville vor være været"},
    {"nb",
     "alle alt andre at av begge ble bli blir både da de deg dei dem den denne der deres det dette din disse du då eg "
     "eller en enn er et etter for fordi fra få før ha hadde han hans har hennar henne hennes her hos hun hva hvem hver "
     "hvilken hvis hvor hvordan hvorfor i ikke ikkje ingen inn ja jeg kan kom kunne man mange med meg meget mellom men mer "
     "min mot mye må ned no noe noen nå når og også om opp oss over på sa samme seg selv sier sin sine sitt siden skal "
     "skulle slik som så til um under ut uten var ved vi vil ville vår være vært år"},
    {"fi",
     "ei eivät eli en että ettei he heidän hän hänen hänet häntä ihan itse ja jo joita joiden jolla jolle jonka jos joissa "
     "joka jossa jotka jotta kaikki kanssa keskuudessa kertoo kertoi koko koska kuin kuitenkin kun kuten lisäksi me mikä "
     "minä missä mitä mukaan mutta muun muut myös ne niiden niin niitä nyt noin ole oli olisi olivat olla on osa ovat "
     "sanoi sanoo se sekä sen siellä siitä sillä sinä sitä tai tämä tämän tässä te tällä vaan vai vaikka vain voi voivat "
     "vielä vuoden yli"},
    {"ru",
     "а без более больше будет будто бы был была были было быть в вам вас вдруг ведь во вот впрочем все всегда всего всех "
     "всю вы где говорит да даже два для до другой его ее ей ему если есть еще ещё ж же за здесь и из или им иногда их к "
     "как какая какой когда кто куда ли лучше между меня мне много может можно мой мы на над надо наш не него нее ней "
     "нельзя нет ни них ничего но ну о об один он она они опять от перед по под после потом потому почти при про раз "
     "также с сам сказал сказала свою своей себе себя сейчас со совсем сообщает сообщил так такой там тебя тем теперь то "
     "тогда того тоже только том тот три тут ты у уж уже хорошо хоть чего чем через что чтобы чуть эта эти это этого этой "
     "этом этот эту я который которая которые которых"},
    {"ro",
     "a acea această aceasta aceea acel acela acest acesta acestea aceste acestor acestui acolo acum ai aici al ale alt "
     "altă alte altul am anul ar are aş aș asta astfel asupra atât au avea avem aveţi azi ca că care cărei căror cărui "
     "când care ce cel cele celor cei chiar cine cînd cît cât către cu cum da dacă dar de deci decât despre din dintre "
     "după ea ei el ele era eram este eu fi fie fiecare fiind foarte fost iar îi îl în încă între îşi își l la le li lor "
     "lui m mai mea meu mi mult n ne nici nimic noi nostru nu o ori pe pentru peste poate prin s sa să sale sau se sunt "
     "spre spus sub şi și t te tot toate toți tu un una unei unor unui va vă voi vor vom"},
    {"hu",
     "a abban ahhoz ahogy ahol aki akik akkor alatt által általában amely amelyek amelyet amelynek ami amikor amit annak "
     "arra át az azért azok azon azonban azt aztán azzal be belül benne bár csak de e ebben egy egyéb egyes egyik egyre "
     "ehhez ekkor el elég ellen elő először előtt én ennek erre és ez ezek ezen ezért ezt ezzel fel felé ha hanem hogy "
     "hogyan igen így illetve is ismét itt jó kell keresztül ki kívül között közül le legyen lehet lesz lenne lett maga "
     "már más meg mellett mely melyek mert mi mint mintha mind minden mindig mit mivel miért még most nagy nagyon ne nekem "
     "nem nincs olyan ott össze ő ők pedig saját se sem sok szerint szemben számára talán tehát több tovább továbbá új "
     "újra után utolsó vagy vagyis valaki valami van vannak vele vissza volna volt voltak"},
    {"tr",
     "acaba ama ancak artık asla aslında ayrıca az bana bazı belki ben beni benim beri bile bir biri birkaç birçok biz "
     "bize bizi bizim böyle bu buna bunda bundan bunlar bunu bunun burada çok çünkü da daha de değil dedi diğer diye dolayı "
     "en etti fakat gibi göre hangi hatta hem henüz hep hepsi her hiç için içinde ile ilgili ise işte kadar karşı kendi "
     "ki kim kimse mı mi mu mü nasıl ne neden nerede niçin niye o olan olarak oldu olduğu olduğunu olmak olması olsa "
     "olur ona ondan onlar onu onun oysa öyle rağmen sadece sanki sen siz sonra şey şöyle şu şunu tarafından tüm üzere var "
     "ve veya ya yani yapılan yer yine yok zaten"},
};
// clang-format on

std::vector<std::string_view> words_in(std::string_view list) {
  std::vector<std::string_view> out;
  while (!list.empty()) {
    const std::size_t end = std::min(list.find(' '), list.size());
    if (end > 0) out.push_back(list.substr(0, end));
    list.remove_prefix(std::min(end + 1, list.size()));
  }
  return out;
}

void add_all(std::string_view list, StopWords& out) {
  for (const std::string_view word : words_in(list)) out.add(hash_word(word));
}

std::map<std::string, StopWords, std::less<>> parse_all() {
  std::map<std::string, StopWords, std::less<>> all;
  StopWords any;
  for (const Row& row : kRows) {
    add_all(row.words, any);
    add_all(row.words, all[std::string(row.language)]);
  }
  all.emplace("no", all["nb"]);
  all.emplace("nn", all["nb"]);
  all.emplace("und", std::move(any));
  return all;
}

}  // namespace

std::vector<std::string_view> stop_list(std::string_view language) {
  for (const Row& row : kRows) {
    if (row.language == language) return words_in(row.words);
  }
  return {};
}

const StopWords& stop_words(std::string_view language) {
  static const auto all = parse_all();
  static const StopWords none;
  const auto found = all.find(language);
  return found == all.end() ? none : found->second;
}

}  // namespace nutgraf::summarizer

"""Stories for the end-to-end tests: distinct, plausible English, the same for the same number."""
import html
import random
from email.utils import formatdate

NAMES = "Abel Berit Carlo Dagmar Emeka Farah Goran Hanna Ivo Jamila Kenji Lotta Marek Nadia Oskar Petra Quentin Rosa Sven Tariq".split()
FAMILIES = "Aldous Brandt Castell Dormer Ekwueme Farrow Gruber Hallam Ibsen Jarvis Kettler Lindqvist Moravec Nyberg Okafor".split()
PLACES = "Aldermoor Brackwater Calder Dunmarch Eastlow Ferrisby Greyhaven Holmvik Inverlee Jarrow Kestrel Lowmere Marsden Northwold Oakbury Pellworm".split()
BODIES = "council ministry court hospital university port_authority water_board transit_agency fire_service bank harbour_office museum union".split()
ACTS = "approved rejected postponed published reviewed financed closed reopened audited rebuilt leased auctioned inspected".split()
THINGS = """bridge school ferry tunnel reservoir stadium archive orchard turbine tramway clinic warehouse lighthouse pipeline laboratory
market library quarry airport greenhouse substation embankment cinema vineyard bakery shipyard aqueduct nursery observatory foundry""".split()
ADJECTIVES = """old new eastern western private public narrow costly quiet crowded temporary regional neglected popular damaged modern
wooden concrete seasonal protected coastal rural central disputed listed empty flooded renovated unfinished automatic""".split()
PEOPLE = """engineers teachers nurses farmers drivers pensioners students tenants traders fishers archivists volunteers inspectors
surveyors translators gardeners musicians electricians porters beekeepers cyclists apprentices auditors ferry_crews""".split()
MATTERS = """noise rent drainage heating parking insurance asbestos lighting access staffing fares erosion wages salt fire_doors
ventilation pollen timetables deliveries subsidies training scaffolding mildew signage vibration ticketing""".split()
WHEN = """overnight in_March before_the_holidays within_a_week last_autumn on_Tuesday this_spring after_the_audit by_noon since_2019
during_the_storm until_further_notice next_year for_a_decade twice_a_month without_notice at_dawn in_the_final_hour""".split()
VERBS = """warned promised explained confirmed denied argued admitted insisted predicted recalled repeated estimated regretted
conceded suggested testified stressed calculated""".split()
DEEDS = """blocked measured painted photographed counted moved guarded cleaned insured borrowed described repaired visited sold
mapped heated fenced drained inherited catalogued dismantled lit planted towed""".split()


def story(number):
    """(title, paragraphs) of story `number`."""
    r = random.Random(number)

    def pick(words):
        return r.choice(words).replace("_", " ")

    def noun():
        return f"{pick(ADJECTIVES)} {pick(THINGS)}"

    def sentence():
        who = f"{pick(NAMES)} {pick(FAMILIES)}"
        return r.choice([
            lambda: f"The {pick(BODIES)} of {pick(PLACES)} {pick(ACTS)} the {noun()} {pick(WHEN)}, and {pick(PEOPLE)} {pick(DEEDS)} its {pick(THINGS)}.",
            lambda: f"{who} {pick(VERBS)} that {r.randrange(12, 9800)} {pick(PEOPLE)} {pick(DEEDS)} a {noun()} {pick(WHEN)}.",
            lambda: f"{pick(PEOPLE).capitalize()} from {pick(PLACES)} {pick(DEEDS)} the {noun()} because {pick(MATTERS)} had {pick(ACTS)} every {pick(THINGS)}.",
            lambda: f"{pick(MATTERS).capitalize()} near the {noun()} cost {r.randrange(12, 980)} thousand crowns, {who} {pick(VERBS)} {pick(WHEN)}.",
            lambda: f"In {pick(PLACES)} {pick(PEOPLE)} {pick(DEEDS)} one {noun()} {pick(WHEN)}; {pick(PEOPLE)} {pick(DEEDS)} another.",
            lambda: f"Neither {pick(MATTERS)} nor {pick(MATTERS)} {pick(DEEDS)} the {noun()}, {pick(VERBS)} {who} of the {pick(BODIES)}.",
            lambda: f"{who}, {r.randrange(19, 88)}, {pick(DEEDS)} {pick(ADJECTIVES)} {pick(PEOPLE)} at a {noun()} in {pick(PLACES)} {pick(WHEN)}.",
            lambda: f"Over {pick(MATTERS)} the {pick(BODIES)} {pick(DEEDS)} {r.randrange(3, 400)} {pick(ADJECTIVES)} {pick(THINGS)}s {pick(WHEN)}.",
        ])()

    title = f"{pick(PLACES)} {pick(BODIES)} {pick(ACTS)} {noun()} over {pick(MATTERS)}"
    return title, [" ".join(sentence() for _ in range(4)) for _ in range(4)]


def item(number, link, when):
    """An RSS item with the full text of story `number`."""
    title, paragraphs = story(number)
    body = "".join(f"<p>{html.escape(p)}</p>" for p in paragraphs)
    return (f"<item><title>{html.escape(title)}</title><link>{link}</link><guid isPermaLink=\"false\">n-{number}</guid>"
            f"<pubDate>{formatdate(when)}</pubDate><description>{html.escape(paragraphs[0])}</description>"
            f"<content:encoded>{html.escape(body)}</content:encoded></item>")


def rss(title, items):
    return ('<?xml version="1.0" encoding="utf-8"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/">'
            f"<channel><title>{title}</title><link>http://127.0.0.1/</link><description>d</description>{''.join(items)}"
            "</channel></rss>").encode()


def linkless(numbers):
    """A feed of these stories whose items have their whole text and no link: no page is asked for."""
    items = []
    for number in numbers:
        title, paragraphs = story(number)
        items.append(f"<item><guid>g{number}</guid><title>{html.escape(title)}</title>"
                     f"<description>{html.escape(' '.join(paragraphs))}</description></item>")
    return rss("F", items)

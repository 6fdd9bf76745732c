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
REASONS = """costs had doubled since spring|inspectors found cracks in the foundations|a survey counted fewer visitors than planned|the contractor missed two deadlines|
neighbours had objected to the noise|engineers wanted another season of measurements|the previous lease ran out in autumn|a storm damaged the northern wall|
an audit questioned the earlier figures|rising demand made the old plan obsolete|volunteers collected enough signatures|the insurer refused to extend its cover""".replace("\n", "").split("|")
VERBS = "warned promised explained confirmed denied argued admitted insisted predicted recalled".split()


def story(number):
    """(title, paragraphs) of story `number`."""
    r = random.Random(number)

    def sentence():
        who = f"{r.choice(NAMES)} {r.choice(FAMILIES)}"
        where, thing, body = r.choice(PLACES), r.choice(THINGS), r.choice(BODIES).replace("_", " ")
        figure = r.randrange(12, 9800)
        return r.choice([
            f"The {body} of {where} {r.choice(ACTS)} the {thing} after {r.choice(REASONS)}.",
            f"{who}, who speaks for the {body}, {r.choice(VERBS)} that {figure} people in {where} depend on the {thing}.",
            f"About {figure} residents signed a letter because {r.choice(REASONS)}, the {body} said on request.",
            f"A new {thing} near {where} would cost {figure} thousand crowns, {who} {r.choice(VERBS)} at a hearing.",
            f"In {where} the {thing} had stood empty for {r.randrange(2, 60)} years before the {body} {r.choice(ACTS)} it.",
        ])

    title = f"{r.choice(PLACES)} {r.choice(BODIES).replace('_', ' ')} {r.choice(ACTS)} {r.choice(THINGS)} number {number}"
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

"""A daemon whose status page has something to show: the demo's newspapers, and feeds that are ill in different ways."""
import contextlib
import html
import os
import subprocess
import time
from email.utils import formatdate
from pathlib import Path

import harness
import newswriter

PAPERS = [  # Path in the demo's newsroom, name, category
    ("harbour/rss.xml", "The Harbour Post", "city"),
    ("meridian/feed.atom", "Meridian", "world"),
    ("valley/index.rss", "Valley Courier", "local"),
    ("statehouse/feed.json", "Statehouse Monitor", "politics"),
    ("ledger/markets.xml", "North Ledger", "markets"),
    ("openlab/feed.json", "Open Lab", "science"),
    ("touchline/rss.xml", "Touchline", "sport"),
    ("lantern/atom.xml", "Lantern Review", "culture"),
    ("tagesblatt/index.rdf", "Neuhagener Tagesblatt", "world"),
    ("gazette/flux.atom", "La Gazette du Canal", "world"),
]
SECTIONS = {
    "poll": {"interval": "2s", "min_interval": "1s", "max_interval": "3s", "per_host_concurrency": 8,
             "per_host_spacing": "0s", "first_poll": "all", "start_spread": "1s"},
    "event": {"debounce": "3s"},
}
WALL = """<html><head><title>Just a moment...</title></head><body><h1>Checking your browser</h1>
<p>Please enable JavaScript and cookies to continue</p></body></html>"""


# (title, lead, more) of what the ill feeds told while they could be read.
FENN = [
    ("Fenn market returns to the square after nine years", "The Wednesday market in Fenn is back on the town square, nine years after the roadworks drove it to the cattle yard.",
     "Forty-one stalls were let within a week, the clerk of the market said. Two of the sellers are grandchildren of those who left. The square will be closed to cars from six until two."),
    ("Bell ringers of Saint Maud want a lift in their tower", "The bell ringers of Saint Maud, whose youngest is sixty-four, have asked the parish for a lift to the bell chamber.",
     "There are a hundred and twelve steps. The architect proposes a glass shaft outside the tower; the conservation officer proposes younger ringers."),
    ("Otters seen on the Fenn canal for the first time since 1974", "A family of otters has been filmed at the second lock of the Fenn canal, the wildlife trust confirmed.",
     "A night camera caught four animals on three evenings. The trust asks anglers to keep their distance and boats to go slowly past the reed beds below the mill."),
]
RIDGE = [
    ("Ridge road closed for a week by a slow landslide", "The road over the Ridge will stay closed for at least a week because a slope above it moves by a hand's breadth a day."),
    ("School bus drivers accept the new timetable", "After three months of talks the drivers of the school buses have accepted a timetable that starts twenty minutes later."),
    ("Observatory on Mount Hale opens its dome to visitors", "For the first time the observatory on Mount Hale lets visitors look through its large telescope on Friday nights."),
    ("Cheese dairy in Nettlebed finds a buyer", "The insolvent cheese dairy in Nettlebed goes to a cooperative of thirty-two farmers who deliver their milk to it."),
    ("Night train to the coast runs again from May", "After six summers without it a night train will run to the coast from May, with four sleeping cars and one for bicycles."),
    ("Hikers' hut on the Saddle burns down, nobody hurt", "The hut on the Saddle burned to its foundations in the night; the eleven hikers who slept there reached the lower station unhurt."),
    ("Swimming pool stays open through the winter", "The council has found the money to heat the open-air pool through the winter, by leaving the town hall two degrees cooler."),
    ("Town orchestra looks for a bassoon", "Four weeks before its anniversary concert the town orchestra is without a bassoon, and without anybody who plays one."),
]


# publisher: (an older story, the story of the day), each (title, lead, more). They disagree on the injured.
COAST = {
    "Castermouth Mercury": [
        ("Gull nests delay the repair of the customs house", "The scaffolding at the customs house stays empty until August, because forty pairs of gulls breed on its roof.",
         "The contractor had been told of six. The birds are protected, and so, until they have left, is the rot in the beams below them."),
        ("Ferry Aurora strikes the eastern pier at Castermouth, nine injured", "Nine people were injured when the ferry Aurora struck the eastern pier of Castermouth harbour on Saturday evening, the coastguard said.",
         "The ship was coming in from Port Ellery with 214 passengers when its starboard engine did not answer, the captain told the harbour master. "
         "The pier lost eleven metres of its parapet and the lamp at its head. Divers will look at the hull before the Aurora is towed to the yard. "
         "Passengers were brought ashore over the bow ramp within forty minutes.")],
    "Straits Herald": [
        ("Allotment holders may keep hens again", "Whoever rents an allotment from the town may keep up to six hens on it again, and no cock.",
         "The ban dates from a winter in which a fox learned the opening hours of the gate. The gardeners' association has offered to pay for a fence."),
        ("Aurora ferry hits harbour pier; passengers taken to hospital", "Twelve people were injured when the ferry Aurora struck the eastern pier in Castermouth harbour on Saturday evening, the police said.",
         "Five of them were taken to the district hospital, one with a broken hip. The Aurora had lost the use of its starboard engine a few minutes before, "
         "and the wind pushed it past the berth. The line to Port Ellery is suspended until Monday; the company puts passengers on buses. "
         "A section of the pier fell into the harbour.")],
    "Dispatch of the Coast": [
        ("Lobster landings up by a third", "The boats of the coast have landed a third more lobsters than in the same months of last year.",
         "The fishery board does not know why and advises against getting used to it. Prices at the quay have fallen by less."),
        ("Engine failure sent ferry into Castermouth pier", "The ferry Aurora, with 214 passengers on board, struck the eastern pier of Castermouth harbour on Saturday evening after an engine failed.",
         "Nine people were injured on the ferry, the ferry company said, most of them when they fell on the stairs of the car deck. "
         "The accident board has taken the logs of the bridge. It is the third failure of that engine this year, according to the crew's union, which had asked for it to be replaced.")],
}


class Ward(harness.Web):
    """The ill: one goes silent, one stands behind a wall, one fails."""

    def __init__(self):
        super().__init__()
        self.put("/fenn.xml", newswriter.rss("Fenn Evening Standard", [self.item(f"fenn/{n}", *told) for n, told in enumerate(FENN)]),
                 "application/rss+xml")
        for number in range(len(RIDGE)):
            self.put(f"/ridge/{number}", WALL, "text/html")
        self.put("/ridge.xml", newswriter.rss("Ridge Valley Times", [self.item(f"ridge/{n}", *told) for n, told in enumerate(RIDGE)]),
                 "application/rss+xml")

        for number in range(len(COAST)):
            self.publish_coast(number, 1)

    def publish_coast(self, number, stories):
        called = list(COAST)[number]
        told = [self.item(f"coast{number}/{n}", *story) for n, story in enumerate(COAST[called][:stories])]
        self.put(f"/coast{number}.xml", newswriter.rss(called, told), "application/rss+xml")

    def tell_of_the_ferry(self):
        for number in range(len(COAST)):
            self.publish_coast(number, 2)

    def item(self, path, title, lead, more=""):
        full = f"<content:encoded>{html.escape(f'<p>{lead}</p><p>{more}</p>')}</content:encoded>" if more else ""
        return (f"<item><title>{html.escape(title)}</title><link>{self.url('/' + path)}</link><guid>{path}</guid>"
                f"<pubDate>{formatdate(time.time() - 900)}</pubDate><description>{html.escape(lead)}</description>{full}</item>")

    def fall_silent(self):
        self.put("/fenn.xml", newswriter.rss("Fenn Evening Standard", []), "application/rss+xml")

    def feeds(self):
        def feed(name, path, called, category):
            return {"id": name, "url": self.url(path), "name": called, "publisher": called, "category": category,
                    "allow_private": True}
        coast = [feed("coast-" + called.split()[0].lower(), f"/coast{n}.xml", called, "world") for n, called in enumerate(COAST)]
        return [*coast, feed("fenn", "/fenn.xml", "Fenn Evening Standard", "local"),
                feed("ridge", "/ridge.xml", "Ridge Valley Times", "local"),
                feed("tidewater", "/nothing.xml", "Tidewater Weekly", "city")]


class Newsroom:
    """The demo's ten newspapers, which publish for five minutes from when they start."""

    def __enter__(self):
        self.port = harness.free_ports(1)[0]
        program = Path(harness.program("nutgrafd")).parents[2] / "tests" / "support" / "nutgraf-newsroom"
        self.process = subprocess.Popen([program, "demo", harness.PROJECT / "config" / "demo", "--port", str(self.port)],
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()

    def feeds(self):
        return [{"id": path.split("/")[0], "url": f"http://127.0.0.1:{self.port}/{path}", "name": name, "publisher": name,
                 "category": category, "allow_private": True} for path, name, category in PAPERS]


@contextlib.contextmanager
def stage(folder, sections=None):
    """(daemon, ward) on the newsroom and the ward, started; port daemon.status shows it."""
    with Newsroom() as newsroom, Ward() as ward:
        with harness.Daemon(folder, [*newsroom.feeds(), *ward.feeds()], {**SECTIONS, **(sections or {})}) as daemon:
            daemon.sections["status"]["listen"] = f"127.0.0.1:{daemon.status}"
            daemon.write([*newsroom.feeds(), *ward.feeds()])
            daemon.start()
            yield daemon, ward


if __name__ == "__main__":  # For working on the page: prints its address, runs until it is ended.
    with harness.scratch() as scratch, stage(scratch) as (running, ill):
        print(f"http://127.0.0.1:{running.status}/", flush=True)
        time.sleep(20)
        ill.fall_silent()
        ill.tell_of_the_ferry()
        time.sleep(float(os.environ.get("STAGE_SECONDS", "3600")))

// Times the feed parsers of npm: feed_peers.mjs FILE… prints one JSON line a file and peer. Run by feed_peers.py,
// from the folder where they are installed. They get the decoded text, as their interfaces want it.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const require = createRequire(process.cwd() + '/');
const load = async (name) => import(pathToFileURL(require.resolve(name)).href);
const { extractFromXml } = await load('@extractus/feed-extractor');
const { parseFeed } = await load('feedsmith');
const RssParser = (await load('rss-parser')).default;

const peers = {
  feedsmith: (text) => {
    const { feed } = parseFeed(text);
    return (feed.items ?? feed.entries).length;
  },
  extractus: (text) => extractFromXml(text).entries.length,
  'rss-parser': async (text) => (await new RssParser().parseString(text)).items.length,
};
for (const file of process.argv.slice(2)) {
  const bytes = readFileSync(file);
  const label = /encoding="([^"]+)"/.exec(bytes.subarray(0, 200).toString('latin1'));
  const text = new TextDecoder(label ? label[1] : 'utf-8').decode(bytes);
  for (const [name, parse] of Object.entries(peers)) {
    let best = Infinity;
    let items = 0;
    let error = null;
    const rounds = bytes.length > 4e6 ? 3 : 6;
    try {
      for (let i = 0; i < rounds; ++i) {
        const start = process.cpuUsage();
        items = await parse(text);
        best = Math.min(best, process.cpuUsage(start).user / 1e6);
      }
    } catch (e) {
      error = String(e.message).slice(0, 80);
    }
    console.log(JSON.stringify({ file, peer: name, mb_s: error ? null : bytes.length / best / 1e6, items, error }));
  }
}

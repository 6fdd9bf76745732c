// Runs one summarizer of npm over the stories on stdin (JSON lines with "text"), three sentences
// each, and prints how many it did in how much processor time. By summarizer_peers.py.
const fs = require('fs');

const runners = {
  'sum': () => { const sum = require('sum'); return text => sum({corpus: text, nSentences: 3}); },
  'textrank': () => {
    const {TextRank} = require('textrank');
    return text => new TextRank(text, {extractAmount: 3}).summarizedArticle;
  },
  'lexrank': () => {
    const lexrank = require('lexrank');
    return text => lexrank.summarize(text, 3, () => {});
  },
  'node-summarizer': () => {  // Counts words; ranks no graph.
    const {SummarizerManager} = require('node-summarizer');
    return text => new SummarizerManager(text, 3).getSummaryByFrequency().summary;
  },
};

const [name, seconds] = process.argv.slice(2);
const texts = fs.readFileSync(0, 'utf8').split('\n').filter(x => x).map(x => JSON.parse(x).text);
const run = runners[name]();
const attempt = text => { try { run(text); return 1; } catch { return 0; } };
for (const text of texts.slice(0, 10)) attempt(text);  // Compiled by then.
const start = process.cpuUsage();
const used = () => { const u = process.cpuUsage(start); return (u.user + u.system) / 1e6; };
let stories = 0;
for (const text of texts) {
  stories += attempt(text);
  if (used() > Number(seconds)) break;
}
console.log(JSON.stringify({stories, seconds: used()}));

// The Hugging Face tokenizer (npm package "tokenizers", the Rust library as a native module) as a process that takes the
// commands of TokenizerWorker.cs. Arguments: the vocabulary's folder, the texts' folder, the folder with node_modules.
import { createRequire } from 'node:module';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

const [folder, texts, peers] = process.argv.slice(2);
const require = createRequire(`${peers}/`);
const { Tokenizer } = require('tokenizers');
const tokenizer = Tokenizer.fromFile(`${folder}/tokenizer.json`);
tokenizer.disableTruncation();
tokenizer.disablePadding();
const sets = Object.fromEntries(readdirSync(texts).filter(name => name.endsWith('.jsonl')).map(name =>
  [name.slice(0, -6), readFileSync(`${texts}/${name}`, 'utf8').split('\n').filter(line => line).map(line => JSON.parse(line))]));
console.log(`Hugging Face tokenizers ${require('tokenizers/package.json').version} (npm, native)`);

// Its ids come with offsets always; only the number of tokens crosses into JavaScript while the clock runs.
async function time(set, seconds) {
  let tokens = 0, elapsed = 0;
  const start = process.hrtime.bigint();
  do {
    for (const encoding of await tokenizer.encodeBatch(sets[set])) {
      tokens += encoding.getLength();
    }
    elapsed = Number(process.hrtime.bigint() - start) / 1e9;
  } while (elapsed < seconds);
  return `${tokens} ${elapsed}`;
}

for await (const line of createInterface({ input: process.stdin })) {
  const [mode, set, argument] = line.split(' ');
  if (mode === 'dump') {
    const encodings = await tokenizer.encodeBatch(sets[set]);
    writeFileSync(argument, encodings.map(encoding => encoding.getIds().join(' ') + '\n').join(''));
    console.log('0 0');
  } else {
    console.log(await time(set, Number(argument)));
  }
}

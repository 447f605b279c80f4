/**
 * The short form of the benchmark: a few ratios against those that `ratios.json` keeps. Fails where one has become half as large again; `--write`
 * keeps the new ones.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { releases } from '../containerd/harness/index.js';
import { growthRatios, nodeRatios, type Ratios, startUpRatios } from './check/ratios.js';
import { table } from './measure/figures.js';

const file = 'test/bench/ratios.json';
const mostTimes = 1.5;
const checkedRelease = '1.7';

const { values } = parseArgs({ options: { write: { type: 'boolean', default: false } } });
const giveUp = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const)
  process.once(name, () => giveUp.abort(new Error(`stopped by ${name}`)));
const { signal } = giveUp;

const release = releases.find(({ name }) => name === checkedRelease);
if (release === undefined) console.log(`containerd ${checkedRelease} cannot run here: no real node is measured\n`);
const found: Ratios = {
  ...(await startUpRatios(signal)),
  ...(await growthRatios(signal)),
  ...(release === undefined ? {} : await nodeRatios(release, signal)),
};

const kept: Ratios = JSON.parse(await readFile(file, 'utf8'));
const rows = Object.entries(found).map(([what, value]) => {
  const before = kept[what];
  const verdict = before === undefined ? 'new' : value > mostTimes * before ? 'WORSE' : 'fine';
  return { what, value, cells: [what, before?.toFixed(2) ?? '', value.toFixed(2), verdict] };
});
console.log(
  table(
    ['ratio', 'kept', 'now', ''],
    rows.map(({ cells }) => cells),
  ),
);

if (values.write) {
  const rounded = Object.fromEntries(rows.map(({ what, value }) => [what, Number(value.toFixed(2))]));
  await writeFile(file, `${JSON.stringify({ ...kept, ...rounded }, undefined, 2)}\n`);
} else if (rows.some(({ cells }) => cells.includes('WORSE'))) {
  process.exitCode = 1;
}

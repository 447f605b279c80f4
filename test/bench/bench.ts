/**
 * The benchmark: what a recovery costs, each time beside a peer in the same run. Parts by name, all by default: `node growth core start-up`.
 * `--release 1.7` for one containerd only; `--write` renews what docs show of it.
 */
import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { releases } from '../containerd/harness/index.js';
import { measureCore } from './core/measure-core.js';
import { measureGrowth } from './growth/measure-growth.js';
import type { Part } from './measure/part.js';
import { type Verdict, verdictLines } from './measure/verdicts.js';
import { measureNodes } from './node/measure-nodes.js';
import { measureStartUp } from './start-up/measure-start-up.js';

const parts: Readonly<Record<string, Part>> = {
  node: measureNodes,
  growth: measureGrowth,
  core: measureCore,
  'start-up': measureStartUp,
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { release: { type: 'string' }, write: { type: 'boolean', default: false } },
});
const unknown = positionals.filter((name) => !(name in parts));
if (unknown.length > 0) throw new Error(`no part is called ${unknown.join(', ')}: ${Object.keys(parts).join(', ')}`);
const wanted = releases.filter(({ name }) => values.release === undefined || name === values.release);
if (values.release !== undefined && wanted.length === 0)
  throw new Error(`containerd ${values.release} cannot run here`);

const giveUp = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const)
  process.once(name, () => giveUp.abort(new Error(`stopped by ${name}`)));

console.log(`Node ${process.version}, ${cpus().length} cores, ${cpus()[0]?.model}`);
const began = performance.now();
const verdicts: Verdict[] = [];
for (const [name, part] of Object.entries(parts)) {
  if (positionals.length > 0 && !positionals.includes(name)) continue;
  console.log(`\n## ${name} (load average ${loadavg()[0]?.toFixed(1)})\n`);
  verdicts.push(...(await part({ releases: wanted, write: values.write, signal: giveUp.signal })));
}
console.log(`\n## Targets\n\n${verdictLines(verdicts)}`);
console.log(`\n${((performance.now() - began) / 60_000).toFixed(1)} minutes`);

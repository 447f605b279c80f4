/**
 * The benchmark of staying, with real parts: containerd, its shims, running containers, and a process of its own that embeds the library.
 * `--seconds 600 --containers 200 --release 1.7` are the defaults; with `--exits` all containers end at once instead.
 */
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { releases } from '../containerd/harness/index.js';
import { measureExits } from './stay/exits.js';
import { measureOutput } from './stay/output.js';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '600' },
    containers: { type: 'string', default: '200' },
    release: { type: 'string', default: '1.7' },
    exits: { type: 'boolean', default: false },
  },
});
const [seconds, count] = [Number(values.seconds), Number(values.containers)];
if (!(seconds > 0 && count > 0)) throw new Error('--seconds and --containers are numbers above 0');
const release = releases.find(({ name }) => name === values.release);
if (release === undefined) throw new Error(`containerd ${values.release} cannot run here`);

const giveUp = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const)
  process.once(name, () => giveUp.abort(new Error(`stopped by ${name}`)));

console.log(`containerd ${release.name}, ${count} containers, Node ${process.version}, ${cpus().length} cores`);
const { signal } = giveUp;
await (values.exits ? measureExits({ release, count, signal }) : measureOutput({ release, count, seconds, signal }));

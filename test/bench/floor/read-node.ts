/** The calls and file reads of a recovery that finds nothing to do, with as many at once as it allows itself. */
import { readdir, readFile as readFileOf } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { defaultLimits } from '../../../src/index.js';
import { baseNames, bases } from '../../../src/ports/index.js';
import { cpuMsSince } from '../measure/cpu.js';
import { eachAtOnce } from '../measure/each-at-once.js';
import { namespace, type Place } from '../measure/place.js';
import { type Clients, openClients } from './clients.js';
import type { FloorResult } from './messages.js';
import { readImage } from './read-image.js';

// The cheapest that Node has.
const readFile = promisify(readFileOf);
const readDirectory = promisify(readdir);

export const readNode = async ({ address, ...directories }: Place): Promise<Omit<FloorResult, 'importMs'>> => {
  const cpu = process.cpuUsage();
  const began = performance.now();
  const clients = openClients(address);
  await clients.introspection.plugins({ filters: ['type==io.containerd.grpc.v1,id==cri'] });
  const entered = performance.now();
  await clients.version.version({});
  const [sandboxes, containers, { images }] = await Promise.all([
    idsOf(clients, 'sandbox'),
    idsOf(clients, 'container'),
    clients.images.list({}),
  ]);
  const listed = performance.now();
  const { tasks } = await clients.tasks.list({});
  // An absent task is one that neither the list nor this directory knows.
  const bundles = await readDirectory(join(dirname(directories.state), 'io.containerd.runtime.v2.task', namespace));
  const tasksListed = performance.now();
  let checkpoints = 0;
  const readCheckpoint = async (id: string): Promise<void> => {
    const bytes = await readFile(join(directories.root, baseNames.container, id, 'status'));
    if (bytes.length > 0) checkpoints += 1;
  };
  const reads: ReadonlyArray<() => Promise<unknown>> = [
    ...containers.map((id) => () => readCheckpoint(id)),
    ...images.map((image) => () => readImage(clients, image.target?.digest ?? '')),
    ...bases.map((base) => () => readDirectory(join(directories[base.area], baseNames[base.kind]))),
  ];
  await eachAtOnce(reads, defaultLimits.concurrency, async (read) => {
    await read();
  });
  const ended = performance.now();
  clients.close();
  return {
    tookMs: ended - began,
    cpuMs: cpuMsSince(cpu),
    phases: {
      enter: entered - began,
      lists: listed - entered,
      tasks: tasksListed - listed,
      items: ended - tasksListed,
    },
    records: sandboxes.length + containers.length,
    tasks: tasks.length,
    bundles: bundles.length,
    checkpoints,
    images: images.length,
  };
};

const idsOf = async ({ containers }: Clients, kind: string): Promise<ReadonlyArray<string>> => {
  const ids: string[] = [];
  const filters = [`labels."io.cri-containerd.kind"==${kind}`];
  for await (const { container } of containers.listStream({ filters })) ids.push(container?.id ?? '');
  return ids;
};

/** Recoveries over a real socket and a real disk, of records as large as those of busy clusters. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FloorResult } from '../floor/messages.js';
import { runChild, startChild } from '../measure/child.js';
import { median, ratio, spread, table } from '../measure/figures.js';
import { interleaved } from '../measure/interleaved.js';
import type { Place } from '../measure/place.js';
import type { Verdict } from '../measure/verdicts.js';
import type { RecoverInput, RecoverResult } from '../recover/messages.js';
import { makeRoot } from './fake-root.js';
import type { FakeContainerdInput, FakeContainerdReady, Split } from './messages.js';
import { growthHead, growthRow, growthVerdicts, type Sized } from './per-item.js';

interface Nodes extends Sized {
  readonly split: Split;
  readonly runs: ReadonlyArray<RecoverResult>;
  readonly floor: ReadonlyArray<FloorResult>;
  readonly sizes: FakeContainerdReady;
}

const rounds = 3;
const largest = 10_000;

export const measureSocket = async (signal: AbortSignal): Promise<ReadonlyArray<Verdict>> => {
  const all: Nodes[] = [];
  for (const containers of [1_000, 3_000, largest]) all.push(await measureNode(containers, 'spread', signal));
  all.push(await measureNode(largest, 'metadata', signal));
  const shown = all.map((nodes) => [
    `${nodes.sizes.metadata}/${nodes.sizes.spec}/${nodes.sizes.labels}/${nodes.sizes.record}`,
    ...growthRow(nodes),
    spread(nodes.floor.map(({ tookMs }) => tookMs)),
  ]);
  console.log(
    `A socket and a disk:\n\n${table(['bytes: metadata/spec/labels/record', ...growthHead, 'floor, ms'], shown)}\n`,
  );
  const spreadOut = all.filter(({ split }) => split === 'spread');
  return [
    ...growthVerdicts('socket', spreadOut),
    ...all.filter(({ containers }) => containers === largest).flatMap(verdictsOn),
  ];
};

const verdictsOn = ({ split, runs, floor }: Nodes): ReadonlyArray<Verdict> => {
  const where = `socket, 10,000 records of 10 kB${split === 'metadata' ? ', all of it metadata' : ''}`;
  return [
    { what: `${where}: peak above idle`, value: median(runs.map(({ peak }) => peak / 1e6)), atMost: 100, unit: ' MB' },
    { what: `${where}: longest block`, value: median(runs.map(({ blockMs }) => blockMs)), atMost: 20, unit: ' ms' },
    { what: `${where}: ours / floor`, value: ratio(runs.map(timeOf), floor.map(timeOf)), atMost: 1.5 },
  ];
};

const timeOf = ({ tookMs }: { readonly tookMs: number }): number => tookMs;

const measureNode = async (containers: number, split: Split, signal: AbortSignal): Promise<Nodes> => {
  const directory = await mkdtemp(join(tmpdir(), 'cri-recovery-growth-'));
  try {
    const address = join(directory, 'containerd.sock');
    const place: Place = { address, ...makeRoot(directory, containers) };
    const input: FakeContainerdInput = { address, containers, split };
    const server = await startChild<FakeContainerdReady>('fake-containerd-process', input, { signal });
    try {
      const recover: RecoverInput = { ...place, policy: 'careful', closely: true };
      const { runs, floor } = await interleaved(rounds, {
        runs: () => runChild<RecoverResult>('recover-process', recover, { signal, execArgv: ['--expose-gc'] }),
        floor: () => runChild<FloorResult>('floor-process', place, { signal }),
      });
      return { containers, split, runs, floor, sizes: server.told };
    } finally {
      await server.end();
    }
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
};

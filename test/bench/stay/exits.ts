/** Many containers that end at once under a watch: how long until their exits are stored. */
import { loadavg } from 'node:os';
import * as E from 'fp-ts/lib/Either.js';
import { decodeCheckpoint } from '../../../src/codec/checkpoint.js';
import { type Release, readCheckpoint, type TestNode, waitUntil } from '../../containerd/harness/index.js';
import { highest, median, percent, quantile, table } from '../measure/figures.js';
import { lateness } from '../measure/lateness.js';
import { type BusyNode, onBusyNode } from './busy-node.js';
import { millisecondsOf, type Sample, type SettledExit } from './messages.js';
import { watchFrom } from './watched.js';

export interface ExitOptions {
  readonly release: Release;
  readonly count: number;
  readonly signal: AbortSignal;
}

const killed = 137;

/** Prints a table. Fails where an exit is not stored as it was. */
export const measureExits = (options: ExitOptions): Promise<void> =>
  onBusyNode(options, ['sleep', '2147483647'], measure);

const measure = async ({ node, containers }: BusyNode): Promise<void> => {
  const settled = new Map<string, SettledExit>();
  const samples: Sample[] = [];
  const idle = lateness();
  const watched = await watchFrom(node, (news) => {
    if (news._tag === 'Settled') settled.set(news.exit.id, news.exit);
    else if (news._tag === 'Window') samples.push(news.sample);
    else console.log(news);
  });
  try {
    watched.measure();
    idle.open();
    for (const { pid } of containers) process.kill(pid, 'SIGKILL');
    const areSettled = () => containers.every(({ id }) => settled.has(id));
    await watched.whileItLives(waitUntil('all exits are stored and told', areSettled, 60_000));
    const here = idle.close();
    await watched.stop();
    for (const exit of settled.values()) await expectStored(node, exit);
    console.log(
      `all ${containers.length} exits are stored, each with its code and time; load ${loadavg()[0]?.toFixed(1)}`,
    );
    console.log(summary([...settled.values()], samples, here.max));
  } finally {
    watched.kill();
  }
};

const expectStored = async (node: TestNode, { id, exited }: SettledExit): Promise<void> => {
  const checkpoint = decodeCheckpoint(await readCheckpoint(node, id));
  if (E.isLeft(checkpoint)) throw new Error(`${id}: ${checkpoint.left.message}`);
  const { exitCode, finishedAt } = checkpoint.right.status;
  if (exitCode !== killed || millisecondsOf(finishedAt) !== exited)
    throw new Error(
      `${id} is stored with exit code ${exitCode}, finished at ${finishedAt} ns, and was told to at ${exited} ms`,
    );
};

const summary = (exits: ReadonlyArray<SettledExit>, samples: ReadonlyArray<Sample>, idleMax: number): string => {
  const row = (what: string, values: ReadonlyArray<number>): ReadonlyArray<string> => [
    what,
    ...[median(values), quantile(values, 0.99), highest(values)].map((value) => value.toFixed(0)),
  ];
  const all = exits.map(({ exited }) => exited);
  return [
    table(
      ['ms', 'median', 'p99', 'most'],
      [
        row(
          'exit heard of → checkpoint written',
          exits.map(({ heard, written }) => written - heard),
        ),
        row(
          'exit heard of → task deleted and told',
          exits.map(({ heard, told }) => told - heard),
        ),
        row(
          'process ended → exit heard of',
          exits.map(({ exited, heard }) => heard - exited),
        ),
        row(
          'process ended → checkpoint written',
          exits.map(({ exited, written }) => written - exited),
        ),
      ],
    ),
    `from the first end to the last: ${(highest(all) - Math.min(...all)).toFixed(0)} ms`,
    `event loop late by at most ${highest(samples.map(({ max }) => max)).toFixed(0)} ms; of an idle process beside it ${idleMax.toFixed(0)} ms`,
    `CPU ${percent(median(samples.map(({ cpu }) => cpu)))} of a core, waited for a core ${percent(median(samples.map(({ waited }) => waited)))}`,
  ].join('\n\n');
};

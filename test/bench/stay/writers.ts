/** Containers that write numbered lines at a steady pace, from a sign of the benchmark's to the next. */
import { readFileSync, writeFileSync } from 'node:fs';
import { waitUntil } from '../../containerd/harness/index.js';
import { expectCounting, writtenLines } from '../../containerd/watch/log-of.js';
import type { Container } from './busy-node.js';

/** With its end. */
export const lineBytes = 5_000;
/** So that every number has as many digits. */
const first = 100_000;
const filler = '0'.repeat(lineBytes - `${first} \n`.length);

/**
 * From `/go` on a line a second, until there is `/stop`; then `/count` says how many. Nothing is forked for the pause: a terminal that nobody
 * has opened says nothing, and the shell waits for it.
 */
export const writer: ReadonlyArray<string> = [
  'sh',
  '-c',
  [
    'exec 3<>/dev/ptmx',
    `filler=$(printf '%0${filler.length}d' 0)`,
    `i=${first}`,
    'while [ ! -e /go ]; do read -t 1 x <&3; done',
    'while [ ! -e /stop ]; do echo "$i $filler"; i=$((i+1)); read -t 1 x <&3; done',
    `echo $((i-${first})) > /count`,
    'exec sleep 2147483647',
  ].join('; '),
];

export const give = (containers: ReadonlyArray<Container>, sign: 'go' | 'stop'): void => {
  for (const { pid } of containers) writeFileSync(`/proc/${pid}/root/${sign}`, '');
};

/** How many lines each has written, once it writes no more. */
export const countsOf = (containers: ReadonlyArray<Container>): Promise<ReadonlyArray<number>> =>
  waitUntil(
    'all have stopped',
    () => {
      const texts = containers.map(({ pid }) => readFileSync(`/proc/${pid}/root/count`, 'utf8'));
      return texts.every((text) => text.endsWith('\n')) && texts.map(Number);
    },
    30_000,
  );

/** Fails unless the log holds exactly these many lines, whole, in order, each once. */
export const expectComplete = ({ log }: Container, count: number): void => {
  const lines = writtenLines([log]);
  const odd = lines.find((line) => line.slice(line.indexOf(' ') + 1) !== filler);
  if (odd !== undefined) throw new Error(`a line that nobody wrote in ${log}: ${odd.slice(0, 100)}`);
  expectCounting(
    lines.map((line) => line.slice(0, line.indexOf(' '))),
    first,
  );
  if (lines.length !== count) throw new Error(`${log} has ${lines.length} lines of ${count}`);
};

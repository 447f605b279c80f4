/** `quarantine`: what was moved aside, putting it back, and clearing it out. */
import * as E from 'fp-ts/lib/Either.js';
import { openQuarantine, openWritableDisk, type Quarantined } from '../disk/index.js';
import type { PortError } from '../index.js';
import type { PortCall } from '../ports/index.js';
import type { QuarantineTask } from './arguments.js';
import { diskErrorText } from './failure-text.js';
import { printable, printableJson } from './printable.js';
import type { NodeSettings } from './settings.js';
import { wrap } from './table.js';
import type { ExitCode, Terminal } from './terminal.js';
import { momentText } from './time-text.js';

type Entry = E.Either<PortError, Quarantined>;

/** Does one of the tasks; all but the list take the node's lock. */
export const runQuarantine = async (
  { root, state, limits }: NodeSettings,
  task: QuarantineTask,
  terminal: Terminal,
): Promise<E.Either<string, ExitCode>> => {
  const disk = await openWritableDisk({ root, state })();
  if (E.isLeft(disk)) return E.left(diskErrorText(disk.left));
  const quarantine = openQuarantine({ root, state });
  const { lock } = disk.right;
  const call = <A>(portCall: PortCall<A>): Promise<E.Either<PortError, A>> =>
    portCall(AbortSignal.timeout(limits.deadlineMs))();
  const alone = async <A>(portCall: PortCall<A>): Promise<E.Either<PortError, A>> => {
    const acquired = await call(lock.acquire());
    if (E.isLeft(acquired)) return acquired;
    const done = await call(portCall);
    const released = await call(lock.release());
    return E.isLeft(released) ? released : done;
  };
  const said = <A>(result: E.Either<PortError, A>, line: (value: A) => string): E.Either<string, ExitCode> => {
    if (E.isLeft(result)) return E.left(diskErrorText(result.left));
    terminal.out(`${printable(line(result.right))}\n`);
    return E.right(0);
  };
  switch (task._tag) {
    case 'List': {
      const entries = await call(quarantine.list());
      return E.isLeft(entries)
        ? E.left(diskErrorText(entries.left))
        : E.right(showEntries(entries.right, task.json, terminal));
    }
    case 'Restore':
      return said(await alone(quarantine.restore(task.entry)), (path) => `restored ${path}`);
    case 'Purge':
      return said(await alone(quarantine.purge(task.entry)), () => `purged ${task.entry}`);
    case 'PurgeAll': {
      const purged = await alone(quarantine.purgeBefore(endOfTime));
      return E.isLeft(purged) ? E.left(diskErrorText(purged.left)) : E.right(showPurged(purged.right, terminal));
    }
  }
};

/** Later than any entry, in nanoseconds since 1970: the largest int64. */
const endOfTime = 2n ** 63n - 1n;

const showEntries = (entries: ReadonlyArray<Entry>, json: boolean, terminal: Terminal): ExitCode => {
  if (json) terminal.out(`${printableJson(JSON.stringify(entries.map(entryJson), null, 2))}\n`);
  else if (entries.length === 0) terminal.out('nothing is in quarantine\n');
  else for (const entry of entries) terminal.out(entryText(entry, terminal));
  return entries.some(E.isLeft) ? 1 : 0;
};

const entryJson = (entry: Entry): unknown =>
  E.isLeft(entry)
    ? { path: entry.left.subject, error: entry.left.message }
    : { ...entry.right, movedAt: entry.right.movedAt.toString() };

/** The entry stands whole on a line of its own, however long: it is what `restore` and `purge` take. */
const entryText = (entry: Entry, { columns, paint }: Terminal): string => {
  const [name, story] = E.isLeft(entry)
    ? [entry.left.subject, entry.left.message]
    : [entry.right.entry, `moved ${momentText(entry.right.movedAt)} from ${entry.right.from} (${entry.right.why})`];
  const lines = wrap(printable(story), Math.max(columns, narrowest) - indent.length);
  return `${[paint('bold', printable(name)), ...lines.map((line) => indent + line)].join('\n')}\n`;
};

const indent = '    ';
/** Narrower terminals break lines themselves. */
const narrowest = 40;

const showPurged = (purged: ReadonlyArray<E.Either<PortError, string>>, terminal: Terminal): ExitCode => {
  if (purged.length === 0) terminal.out('nothing is in quarantine\n');
  for (const one of purged) {
    const line = E.isRight(one) ? `purged ${one.right}` : `kept: ${diskErrorText(one.left)}`;
    terminal.out(`${printable(line)}\n`);
  }
  return purged.some(E.isLeft) ? 1 : 0;
};

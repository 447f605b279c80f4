/** The harness sees what it is there to see: recoveries that are wrong in one way each. */
import * as E from 'fp-ts/lib/Either.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { expect, it } from 'vitest';
import type { Checkpoint } from '../../src/core/container-status.js';
import type { Id } from '../../src/core/identity.js';
import { careful } from '../../src/core/policy.js';
import type { PortCall, Ports } from '../../src/ports/index.js';
import { fakeContainer, fakeDirectory, fakeNode, fakeSandbox } from '../../src/testing/index.js';
import { faultsFor } from './fault.js';
import { describeLoss } from './loss.js';
import { type Run, recovery } from './recovery.js';
import { newTally, tryFaults } from './try-faults.js';
import { undisturbed } from './undisturbed.js';

const node = fakeNode({
  sandboxes: [fakeSandbox({ id: 'pod' })],
  containers: [
    fakeContainer({ id: 'ended', sandboxId: 'pod', task: 'stopped' }),
    fakeContainer({ id: 'torn', sandboxId: 'pod', checkpoint: 'corrupt' }),
    fakeContainer({ id: 'lone', sandboxId: 'pod' }),
  ],
  directories: [fakeDirectory({ kind: 'container', area: 'root', name: 'stray' })],
  unlisted: ['lone'],
  stale: ['lone'],
});

/** What the harness says of a recovery. */
const verdictOn = async (run: Run): Promise<string> => {
  const calm = await undisturbed(careful, node, run);
  if (calm.losses.length > 0) return calm.losses.map(describeLoss).join('\n');
  return tryFaults(calm, [...faultsFor(calm.calls)].reverse(), newTally()).then(
    () => 'nothing is lost',
    (thrown: Error) => thrown.message,
  );
};

/** A careful recovery through ports that were tampered with. */
const through =
  (tamper: (ports: Ports) => Ports): Run =>
  (ports) =>
    recovery(careful)(tamper(ports));

const done: PortCall<void> = () => TE.right(undefined);

const first =
  (before: PortCall<void>, then: PortCall<void>): PortCall<void> =>
  (signal) =>
    TE.chain(() => then(signal))(TE.orElse(() => TE.right<never, void>(undefined))(before(signal)));

const whatever =
  (call: PortCall<void>): PortCall<void> =>
  (signal) =>
    TE.orElse(() => TE.right<never, void>(undefined))(call(signal));

const checkpoints = (ports: Ports, changed: Partial<Ports['checkpoints']>): Ports => ({
  ...ports,
  checkpoints: { ...ports.checkpoints, ...changed },
});
const tasks = (ports: Ports, changed: Partial<Ports['tasks']>): Ports => ({
  ...ports,
  tasks: { ...ports.tasks, ...changed },
});

const guessed = ({ status, rest }: Checkpoint): Checkpoint => ({ status: { ...status, exitCode: 255 }, rest });

const deleteSilent =
  (ports: Ports) =>
  (id: Id): PortCall<never> =>
  (signal) =>
  async () => {
    const found = await ports.tasks.get(id)(signal)();
    if (E.isLeft(found)) await ports.tasks.delete(id, true)(signal)();
    return found as E.Either<never, never>;
  };

it.each<[string, RegExp, Run]>([
  [
    'takes every write for done',
    /Forgotten container ended, exit code/,
    through((ports) => checkpoints(ports, { write: (id, file) => whatever(ports.checkpoints.write(id, file)) })),
  ],
  [
    'deletes the task before it writes',
    /Forgotten container ended, exit code/,
    through((ports) =>
      checkpoints(ports, {
        write: (id, file) =>
          id === 'ended'
            ? first(ports.tasks.delete(id, true), ports.checkpoints.write(id, file))
            : ports.checkpoints.write(id, file),
      }),
    ),
  ],
  [
    'guesses an exit that is known',
    /Forgotten container ended, exit code/,
    through((ports) =>
      checkpoints(ports, { write: (id, file) => ports.checkpoints.write(id, id === 'ended' ? guessed(file) : file) }),
    ),
  ],
  [
    'writes over what cannot be read',
    /Forgotten container torn, file/,
    through((ports) => checkpoints(ports, { keepAside: () => done })),
  ],
  [
    'leaves what a killed write has left',
    /LeftBehind container lone, temporary file/,
    through((ports) => checkpoints(ports, { collectStale: () => done })),
  ],
  [
    'deletes a task that does not answer',
    /Destroyed container lone, delete/,
    through((ports) => tasks(ports, { get: deleteSilent(ports) })),
  ],
  [
    'keeps the lock',
    /LeftBehind lock, holder: ours/,
    through((ports) => ({ ...ports, lock: { ...ports.lock, release: () => done } })),
  ],
  [
    'removes what it should move aside',
    /Destroyed directory root\/container\/stray, remove/,
    through((ports) => ({ ...ports, directories: { ...ports.directories, quarantine: ports.directories.remove } })),
  ],
  ['throws', /NoEnd run, end: it throws Error: no/, () => Promise.reject(new Error('no'))],
  ['does not end', /NoEnd run, end: it does not end/, () => new Promise(() => undefined)],
  [
    'waits for ever for a call that is not answered',
    /NoEnd run, end: it does not end/,
    async (ports) => {
      await ports.daemon.version()(new AbortController().signal)();
      return recovery(careful)(ports);
    },
  ],
])('one that %s', async (_, loss, run) => {
  expect(await verdictOn(run)).toMatch(loss);
});

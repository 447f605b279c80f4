/** All ports over one fake node, which the writes change. */
import * as E from 'fp-ts/lib/Either.js';
import { describePortError } from '../core/failure.js';
import type { ExitNotice, Ports } from '../ports/index.js';
import { stopTask } from './changes.js';
import { fakeExits } from './fake-exits.js';
import type { FakeNode } from './fake-node.js';
import { fakeReads } from './fake-reads.js';
import { fakeWrites } from './fake-writes.js';

/** The ports, and the test's hand on what is behind them. */
export interface FakePorts extends Ports {
  /** The node as it is now. */
  readonly node: () => FakeNode;
  /** Changes the node behind everybody's back. */
  readonly change: (change: (node: FakeNode) => FakeNode) => void;
  /** Tells the subscribers of exits. */
  readonly notify: (notice: ExitNotice) => void;
  /** Stops a task now, with its process, and tells the subscribers; throws where there is no such task. */
  readonly exit: (id: string, exitStatus: number) => void;
}

/**
 * Ports that answer at once from the node as it is when they are asked.
 *
 * @example
 * const ports = fakePorts(fakeNode({ sandboxes: [fakeSandbox({ id: 'web' })] }));
 * await ports.tasks.delete(fakeId('web'), true)(new AbortController().signal)();
 * assert.strictEqual(ports.node().sandboxes[0]?.task, undefined);
 */
export const fakePorts = (initial: FakeNode): FakePorts => {
  let node = initial;
  const current = (): FakeNode => node;
  const put = (next: FakeNode): void => {
    node = next;
  };
  const exits = fakeExits();
  const reads = fakeReads(current);
  const writes = fakeWrites(current, put);
  return {
    ...reads,
    tasks: { ...reads.tasks, ...writes.tasks },
    checkpoints: { ...reads.checkpoints, ...writes.checkpoints },
    directories: { ...reads.directories, ...writes.directories },
    images: { ...reads.images, ...writes.images },
    lock: writes.lock,
    containerIo: writes.containerIo,
    exits,
    node: current,
    change: (change) => put(change(node)),
    notify: exits.notify,
    exit: (id, exitStatus) => {
      const stopped = stopTask(node, id, exitStatus);
      if (E.isLeft(stopped)) throw new Error(describePortError(stopped.left));
      put(stopped.right.node);
      exits.notify({ _tag: 'Exit', exit: stopped.right.exit });
    },
  };
};

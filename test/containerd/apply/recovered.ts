/** A staged node, recovered one way or the other, and what the plugin makes of it after that. */
import { setTimeout as delay } from 'node:timers/promises';
import type { HungShim } from '../harness/index.js';
import type { PlanDocument } from '../plan/plan-document.js';
import { type Applied, applyTo } from './apply-of.js';
import { during, startHeld } from './gate.js';
import type { Windows } from './origins.js';
import {
  containerNames,
  criStatements,
  imagesOf,
  podNames,
  type Remainder,
  remainder,
  reportStatements,
  type Statements,
  type StoredImage,
  tasksOf,
} from './outcome.js';
import { hungPod } from './pods.js';
import { endAndHang, type StagedNode } from './staged-node.js';

export interface Recovered {
  readonly statements: Statements;
  readonly remainder: Remainder;
  /** Status of the tasks that are left, or `none`, by name; those behind the hung shim are not asked. */
  readonly tasks: Readonly<Record<string, string>>;
  /** What the plugin says when it recovers once more, of all but what was behind the hung shim. */
  readonly later: Later;
}

interface Later extends Statements {
  readonly images: ReadonlyArray<StoredImage>;
}

/** False for what is behind the hung shim. */
export const answers = (name: string): boolean => !name.startsWith('hung task') && name !== `pod ${hungPod}`;

const answering = [...containerNames, ...podNames].filter(answers);

/** As containerd does it. */
export const recoverByPlugin = async (staged: StagedNode): Promise<Recovered> => {
  let shim: HungShim | undefined;
  const { held, recovery, deliver } = await startHeld(staged.node, async () => {
    shim = await endAndHang(staged);
  });
  const windows: Windows = [
    ['early exit', staged.earlyExits],
    ['exit', { from: held.from, to: recovery.from }],
    ['recovery', recovery],
  ];
  const statements = await criStatements(staged, windows);
  const left = await remainder(staged, windows);
  const tasks = await tasksOf(staged, answering);
  await deliver();
  return { statements, remainder: left, tasks, later: await recoverAgain(staged, windows, shim) };
};

/** With the same restarts of containerd, and then by `apply`. */
export const recoverByApply = async (
  staged: StagedNode,
): Promise<Recovered & { readonly report: PlanDocument; readonly code: number | null }> => {
  await staged.node.start({ cri: false });
  let shim: HungShim | undefined;
  const held = await during(async () => {
    shim = await endAndHang(staged);
  });
  let applied: Applied | undefined;
  const recovery = await during(async () => {
    applied = await applyTo(staged.node, 'containerd');
  });
  if (applied === undefined) throw new Error('nothing was applied');
  const windows: Windows = [
    ['early exit', staged.earlyExits],
    ['exit', { from: held.from, to: recovery.from }],
    ['recovery', recovery],
  ];
  const statements = reportStatements(staged, applied.report, windows);
  const left = await remainder(staged, windows);
  const tasks = await tasksOf(staged, answering);
  return { ...applied, statements, remainder: left, tasks, later: await recoverAgain(staged, windows, shim) };
};

/** For as long as shims try to tell of an exit that nobody took from them: after one, two, … five seconds. */
const longestRetryMs = 5_200;

const recoverAgain = async (staged: StagedNode, windows: Windows, shim: HungShim | undefined): Promise<Later> => {
  const { node } = staged;
  await node.kill();
  shim?.resume();
  // Without the plugin, so that what is told late changes nothing.
  await node.start({ cri: false });
  await delay(longestRetryMs);
  await node.kill();
  const again = await during(() => node.start({ cri: true }));
  const statements = await criStatements(staged, [...windows, ['second recovery', again]]);
  return { ...statements, images: await imagesOf(staged) };
};

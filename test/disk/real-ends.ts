/** What is expected of every recovery on a disk that is not well, and of the one after it. */
import { join } from 'node:path';
import * as E from 'fp-ts/lib/Either.js';
import fse from 'fs-extra';
import { expect } from 'vitest';
import type { Report } from '../../src/index.js';
import {
  containerIds,
  living,
  type PolicyName,
  type RealNode,
  realNode,
  sandboxIds,
  storedCheckpoints,
} from './real-node.js';

/** A report, or why there is none, which no trouble here but those of the lock is a reason for. */
export const reportOf = (recovered: E.Either<unknown, Report>): Report => {
  if (E.isLeft(recovered)) throw new Error(JSON.stringify(recovered.left));
  return recovered.right;
};

export const byId = ({ containers }: Report) =>
  Object.fromEntries(containers.map((container) => [container.id, container]));

/** What a recovery came to, without what is told of how. */
const endOf = ({ containers, sandboxes, failures }: Report) => ({
  containers: containers.map(({ id, state, pid, exitCode, reason, createdAt, startedAt, finishedAt }) => ({
    id,
    state,
    pid,
    exitCode,
    reason,
    createdAt,
    startedAt,
    finishedAt,
  })),
  sandboxes: sandboxes.map(({ id, state, pid }) => ({ id, state, pid })),
  failures,
});

export const expectEverybody = (report: Report, policy: PolicyName): void => {
  const told = [...report.containers, ...report.sandboxes, ...report.failures].map(({ id }) => id).toSorted();
  expect(told).toEqual([...containerIds, ...sandboxIds].toSorted());
  if (policy === 'containerd') return;
  expect(report.failures).toEqual([]);
  for (const id of living) expect([id, byId(report)[id]?.state]).toEqual([id, 'RUNNING']);
};

export const expectWhole = async (node: RealNode): Promise<void> => {
  expect(await fse.readFile(join(node.outside, 'below', 'precious'), 'utf8')).toBe('precious');
  expect(await fse.readdir(node.outside)).toEqual(['below']);
  expect(node.tasks()).toEqual(expect.arrayContaining([...living, 'pod']));
};

/** Recovers once more, and it ends as if nothing had been wrong before. */
export const endWell = async (node: RealNode): Promise<void> => {
  undisturbed ??= recoverUndisturbed();
  const { end, stored, tasks } = await undisturbed;
  const report = reportOf(await node.recover('careful'));
  const { containers, sandboxes } = end;
  expect(endOf(report)).toEqual({ containers, sandboxes, failures: [] });
  expect(await storedCheckpoints(node)).toEqual(stored);
  expect(node.tasks().toSorted()).toEqual(tasks);
  for (const area of [node.root, node.state])
    expect(await fse.pathExists(join(area, 'containers', 'orphan'))).toBe(false);
  expect((await fse.readdir(node.state)).filter((name) => /lock/.test(name))).toEqual([]);
  await expectWhole(node);
};

interface Undisturbed {
  readonly end: ReturnType<typeof endOf>;
  readonly stored: Awaited<ReturnType<typeof storedCheckpoints>>;
  readonly tasks: ReadonlyArray<string>;
}

let undisturbed: Promise<Undisturbed> | undefined;

const recoverUndisturbed = async (): Promise<Undisturbed> => {
  const node = await realNode();
  const end = endOf(reportOf(await node.recover('careful')));
  return { end, stored: await storedCheckpoints(node), tasks: node.tasks().toSorted() };
};

/**
 * A whole recovery, on a real disk, with a containerd that is not to be trusted: it ends in time with a plan or one clear error, and touches nothing
 * but what is in the four base directories. Under policy careful not one file of them is lost.
 */
import assert from 'node:assert/strict';
import { mkdtemp, realpath } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';
import fse from 'fs-extra';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { containerdPorts } from '../../src/containerd/index.js';
import { openWritableDisk } from '../../src/disk/index.js';
import { decodeRecording, encodeRecording, observe, policies, recover, reportPlan } from '../../src/index.js';
import { silentLog, systemClock } from '../../src/ports/index.js';
import { soundCheckpoint } from '../disk/temporary-node.js';
import { tries } from './effort.js';
import { hostileIds, hostileManners, mannersWithHostileIds, soundIds } from './hostile-answers.js';
import { hostileServer, type Manners } from './hostile-server.js';
import { expectCleanPrototypes } from './prototypes.js';

const limits = { itemTimeoutMs: 200, deadlineMs: 500, concurrency: 8 };
/** What a machine at work may take beyond the deadline. */
const graceMs = 3_000;

let folder: string;
beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'cri-recovery-fuzz-')));
});
afterAll(() => fse.remove(folder));
afterEach(expectCleanPrototypes);

/** Every file below a path with its content, and every link with where it leads. */
const filesBelow = async (path: string, inside = ''): Promise<ReadonlyArray<readonly [string, string]>> => {
  const entries = await fse.readdir(join(path, inside), { withFileTypes: true });
  const found = await Promise.all(
    entries.map(async (entry): Promise<ReadonlyArray<readonly [string, string]>> => {
      const name = join(inside, entry.name);
      if (entry.isDirectory()) return [[name, 'directory'], ...(await filesBelow(path, name))];
      if (entry.isSymbolicLink()) return [[name, `link to ${await fse.readlink(join(path, name))}`]];
      return [[name, entry.isFile() ? await fse.readFile(join(path, name), 'latin1') : 'other']];
    }),
  );
  return found.flat();
};

const kept = ['root', 'state'].flatMap((area) =>
  ['containers', 'sandboxes'].flatMap((kind) => [...soundIds, 'orphan'].map((id) => `${area}/${kind}/${id}`)),
);

/** A root and a state directory with links out of them, and something outside that hostile names may lead to. */
const layOut = async (): Promise<{ readonly root: string; readonly state: string }> => {
  for (const name of ['root', 'state', 'outside']) await fse.remove(join(folder, name));
  for (const path of kept) await fse.outputFile(join(folder, path, 'canary'), `canary of ${path}`);
  for (const id of soundIds) await fse.outputFile(join(folder, 'root/containers', id, 'status'), soundCheckpoint);
  await fse.outputFile(join(folder, 'root/containers', soundIds[1], 'status'), '{');
  for (const name of ['log', 'status', 'containers/kept-0/status', 'below/precious'])
    await fse.outputFile(join(folder, 'outside', name), `precious ${name}`);
  await fse.outputFile(join(folder, 'root/other/precious'), 'precious');
  await fse.outputFile(join(folder, 'root/containers/a-file'), 'precious');
  await fse.symlink(join(folder, 'outside'), join(folder, 'root/containers/outside'));
  await fse.symlink(join(folder, 'outside'), join(folder, 'root/containers/orphan/link'));
  await fse.symlink('../../../outside/status', join(folder, 'root/containers/kept-2/linked'));
  return { root: join(folder, 'root'), state: join(folder, 'state') };
};

const swept = /^(?:root|state)\/(?:(?:containers|sandboxes)\/[^/]+|cri-recovery-quarantine)(?:\/|$)/;
const notEntry = /\/(?:a-file|outside)$/;

/** What no recovery may change. */
const untouchable = (files: ReadonlyArray<readonly [string, string]>): ReadonlyArray<readonly [string, string]> =>
  files.filter(([name]) => !swept.test(name) || notEntry.test(name)).toSorted();

const contents = (files: ReadonlyArray<readonly [string, string]>): ReadonlyArray<string> =>
  files.flatMap(([, content]) => (/canary|link to|precious/.test(content) ? [content] : [])).toSorted();

const recoverUnder = async (policy: 'careful' | 'containerd', manners: Manners, within = limits) => {
  const location = await layOut();
  const server = await hostileServer(folder, manners);
  const { close, ...containerd } = containerdPorts({ address: server.address, namespace: 'k8s.io' });
  const disk = await openWritableDisk(location)();
  if (E.isLeft(disk)) throw new Error(disk.left.message);
  const ports = { ...containerd, ...disk.right, clock: systemClock, log: silentLog };
  const located = { ...ports, location: { namespace: 'k8s.io', ...location } };
  try {
    const before = await filesBelow(folder);
    const start = performance.now();
    const recovered = await recover({ policy: policies[policy], limits: within })(located)();
    const ms = performance.now() - start;
    const observed = E.isLeft(recovered) ? recovered : await observe({ limits: within })(located)();
    await vi.waitUntil(() => !fse.pathExistsSync(join(location.state, 'cri-recovery.lock')), { timeout: graceMs });
    return { recovered, observed, ms, before, after: await filesBelow(folder) };
  } finally {
    close();
    await server.close();
  }
};

const input = fc.record({
  hostile: hostileManners,
  policy: fc.constantFrom('careful' as const, 'containerd' as const),
});

const ends = new Map<string, number>();

tries('a hostile containerd touches nothing and holds up nobody', { short: 30, input }, async ({ hostile, policy }) => {
  const { recovered, observed, ms, before, after } = await recoverUnder(policy, hostile.manners);
  assert.ok(ms < limits.deadlineMs + graceMs, `it took ${ms} ms`);
  assert.deepStrictEqual(untouchable(after), untouchable(before));
  if (policy === 'careful') assert.deepStrictEqual(contents(after), contents(before));
  const names = after.map(([name]) => name);
  assert.deepStrictEqual(
    names.filter((name) => /\.lock|\.cri-recovery$/.test(name)),
    [],
  );
  if (E.isRight(observed))
    assert.ok(E.isRight(decodeRecording(encodeRecording(observed.right))), 'its recording is none');
  const end = E.isLeft(recovered) ? recovered.left._tag : 'recovered';
  ends.set(end, (ends.get(end) ?? 0) + 1);
  if (E.isRight(recovered)) reportPlan(recovered.right, 1);
  else if ('error' in recovered.left) assert.doesNotMatch(recovered.left.error.message, /^\s*$|\n|\[object|undefined/);
});

test.each(['careful', 'containerd'] as const)('no id becomes a path that is none (%s)', async (policy) => {
  for (const taskStatus of [0, 1, 2, 3, 4]) {
    const patient = { itemTimeoutMs: 10_000, deadlineMs: 30_000, concurrency: 8 };
    const { recovered, before, after } = await recoverUnder(policy, mannersWithHostileIds(taskStatus), patient);
    if (E.isLeft(recovered)) throw new Error(JSON.stringify(recovered.left));
    expect(untouchable(after)).toEqual(untouchable(before));
    const unsafe = recovered.right.failures.filter(({ tag }) => tag === 'UnsafeId').map(({ id }) => id);
    expect(new Set(unsafe)).toEqual(new Set(hostileIds));
  }
});

afterAll(() => {
  console.log('ended as', Object.fromEntries(ends));
  // Otherwise nothing was shown.
  expect(ends.get('recovered')).toBeGreaterThan(5);
  expect(ends.get('NodeUnreadable')).toBeGreaterThan(2);
});

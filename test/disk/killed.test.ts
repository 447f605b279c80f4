import { join } from 'node:path';
import * as E from 'fp-ts/lib/Either.js';
import fse from 'fs-extra';
import { expect, test } from 'vitest';
import { openQuarantine, openWritableDisk, type Quarantine, type Quarantined } from '../../src/disk/index.js';
import { fakeId } from '../../src/testing/index.js';
import { kill, messageOf, pause, scriptWithDisk, start } from './child-process.js';
import { patient, soundCheckpoint, temporaryNode } from './temporary-node.js';

const kills = 12;

/** Writes checkpoint after checkpoint, each with a long message made of its pid, so that half of one would show. */
const writing = `
  import { diskCheckpointWriter } from './disk/write-checkpoints.js';
  const writer = diskCheckpointWriter(process.argv[2]);
  const { signal } = new AbortController();
  const status = { createdAt: 1n, startedAt: 2n, finishedAt: 0n, exitCode: 0, reason: '', unknown: false };
  for (let pid = 1; ; pid = pid % 9 + 1) {
    const checkpoint = { status: { ...status, pid, message: String(pid).repeat(200_000) }, rest: {} };
    const written = await writer.write('nginx', checkpoint)(signal)();
    if (written._tag === 'Left') throw new Error(written.left.message);
    if (pid === 1) process.send('writing');
  }
`;

test(`of ${kills} writers killed at any moment none leaves half a checkpoint, none shows half of one before, and what they leave beside it is collected`, async () => {
  const node = await temporaryNode();
  const script = await scriptWithDisk(writing);
  const path = await node.checkpoint('nginx', soundCheckpoint);
  const opened = await openWritableDisk(node)();
  if (E.isLeft(opened)) throw new Error(opened.left.message);
  const { checkpoints } = opened.right;
  const expectWhole = async (): Promise<void> => {
    const reading = await checkpoints.read(fakeId('nginx'))(patient())();
    if (E.isLeft(reading)) throw new Error(reading.left.message);
    const { pid, message } = reading.right.status;
    expect(message === String(pid).repeat(200_000)).toBe(true);
  };
  let left = 0;
  for (let round = 0; round < kills; round += 1) {
    const child = start(script, node.root);
    await messageOf(child);
    const end = Date.now() + Math.random() * 150;
    while (Date.now() < end) await expectWhole();
    await kill(child);
    await expectWhole();
    const names = await fse.readdir(join(node.root, 'containers'));
    expect(names.filter((name) => name !== 'nginx' && name !== '.cri-recovery.nginx.status')).toEqual([]);
    left += names.length - 1;
    expect(await checkpoints.collectStale()(patient())()).toStrictEqual(E.right(undefined));
    expect(await fse.readdir(join(node.root, 'containers'))).toEqual(['nginx']);
    expect(await fse.readdir(join(node.root, 'containers', 'nginx'))).toEqual(['status']);
  }
  expect((await fse.stat(path)).size).toBeGreaterThan(200_000);
  // Otherwise all were killed between two writes, and nothing was shown.
  expect(left).toBeGreaterThan(0);
}, 60_000);

/** Moves every orphan away, one after the other. */
const moving = `
  import { readdirSync } from 'node:fs';
  import { diskSweeper } from './disk/sweep-directories.js';
  import { systemClock } from './ports/index.js';
  const [root, state] = process.argv.slice(2);
  const sweeper = diskSweeper({ root, state }, systemClock);
  const { signal } = new AbortController();
  process.send('moving');
  const names = readdirSync(root + '/containers');
  for (const name of names) await sweeper.quarantine({ kind: 'container', area: 'root' }, name, 'why')(signal)();
  process.disconnect();
`;

test('movers killed at any moment lose no orphan: each is whole in its place or whole in the quarantine', async () => {
  const node = await temporaryNode();
  const script = await scriptWithDisk(moving);
  const quarantine = openQuarantine(node);
  const names = Array.from({ length: 150 }, (_, number) => `orphan-${number}`);
  const base = join(node.root, 'containers');
  for (const name of names) await fse.outputFile(join(base, name, 'file'), name);
  let shown = 0;
  // On a busy machine a mover may be killed before it has moved anything, which shows nothing.
  for (let round = 0; round < 8 || (shown <= 4 && round < 60); round += 1) {
    const child = start(script, node.root, node.state);
    await messageOf(child);
    await pause(5 + Math.random() * 40);
    await kill(child);
    const moved = (await listed(quarantine)).map(({ path }) => path);
    shown = moved.length;
    const places = [...moved, ...(await fse.readdir(base)).map((name) => join(base, name))];
    const found = await Promise.all(places.map((place) => fse.readFile(join(place, 'file'), 'utf8')));
    expect(found.toSorted()).toEqual(names.toSorted());
  }
  await quarantine.purgeBefore(0n)(patient())();
  const moved = (await listed(quarantine)).map(({ entry }) => entry);
  expect(moved.length).toBeGreaterThan(4);
  expect((await fse.readdir(join(node.root, 'cri-recovery-quarantine'))).toSorted()).toEqual(moved.toSorted());
}, 60_000);

const listed = async (quarantine: Quarantine): Promise<ReadonlyArray<Quarantined>> => {
  const entries = await quarantine.list()(patient())();
  if (E.isLeft(entries)) throw new Error(entries.left.message);
  return entries.right.map((entry) => {
    if (E.isLeft(entry)) throw new Error(entry.left.message);
    return entry.right;
  });
};

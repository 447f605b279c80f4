import type { ChildProcess } from 'node:child_process';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import fse from 'fs-extra';
import { expect, test } from 'vitest';
import { kill, messageOf, pause, scriptWithDisk, start } from './child-process.js';
import { lockTextOf } from './lock-text.js';
import { temporaryFolder } from './temporary-node.js';

const processes = 8;
const rounds = 20;

/** Acquires and releases when told to, and tells what came of it. */
const obeying = `
  import { diskLock } from './disk/lock.js';
  const lock = diskLock(process.argv[2]);
  const { signal } = new AbortController();
  process.on('message', async (operation) => {
    const answer = await lock[operation]()(signal)();
    process.send(answer._tag === 'Left' ? answer.left._tag : 'ok');
  });
  process.send('ready');
`;

const ask = (child: ChildProcess, operation: 'acquire' | 'release'): Promise<string> => {
  const answer = messageOf<string>(child);
  child.send(operation);
  return answer;
};

/** What lies there when a round begins. */
const beginnings: ReadonlyArray<[string, (path: string) => Promise<void>]> = [
  ['no lock', async () => undefined],
  [
    'the lock of a dead process',
    async (path) => {
      const text = (await lockTextOf(process.pid)).replace(/"pid": \d+/, `"pid": ${spawnSync('true').pid}`);
      await fse.writeFile(path, text);
    },
  ],
  ['half a lock', (path) => fse.writeFile(path, '{"pid":')],
];

test.each(beginnings)(
  `of ${processes} processes at once, ${rounds} times over, one gets %s`,
  async (_, begin) => {
    const root = await temporaryFolder();
    const script = await scriptWithDisk(obeying);
    const children = Array.from({ length: processes }, () => start(script, root));
    await Promise.all(children.map((child) => messageOf(child)));
    for (let round = 0; round < rounds; round += 1) {
      await begin(join(root, 'cri-recovery.lock'));
      const answers = await Promise.all(children.map((child) => ask(child, 'acquire')));
      expect(answers.toSorted()).toEqual([...Array.from({ length: processes - 1 }, () => 'Denied'), 'ok']);
      await Promise.all(children.map((child) => ask(child, 'release')));
      expect(await fse.readdir(root)).toEqual([]);
    }
  },
  60_000,
);

test('when the holder is killed, one of the others takes over, again and again', async () => {
  const root = await temporaryFolder();
  const script = await scriptWithDisk(obeying);
  let children = Array.from({ length: processes + 4 }, () => start(script, root));
  await Promise.all(children.map((child) => messageOf(child)));
  while (children.length > 1) {
    const answers = await Promise.all(children.map((child) => ask(child, 'acquire')));
    expect(answers.filter((answer) => answer === 'ok')).toHaveLength(1);
    expect(answers.filter((answer) => answer === 'Denied')).toHaveLength(children.length - 1);
    const holder = children[answers.indexOf('ok')];
    if (holder !== undefined) await kill(holder);
    children = children.filter((child) => child !== holder);
  }
}, 60_000);

/** Acquires, looks whether it is alone, and releases, without end. */
const striving = `
  import { readdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
  import { diskLock } from './disk/lock.js';
  const [root, inside] = process.argv.slice(2);
  const lock = diskLock(root);
  const { signal } = new AbortController();
  const threadStates = (pid) => {
    try {
      return readdirSync('/proc/' + pid + '/task').map((task) => readFileSync('/proc/' + pid + '/task/' + task + '/stat', 'latin1'));
    } catch {
      return [];
    }
  };
  const isAlive = (pid) => threadStates(pid).some((stat) => !/\\) [ZX] /.test(stat));
  process.send('ready');
  for (;;) {
    const answer = await lock.acquire()(signal)();
    if (answer._tag === 'Left') {
      if (answer.left._tag !== 'Denied') process.send({ unexpected: answer.left.message });
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 3));
      continue;
    }
    writeFileSync(inside + '/' + process.pid, '');
    const others = readdirSync(inside).map(Number).filter((pid) => pid !== process.pid && isAlive(pid));
    if (others.length > 0) process.send({ unexpected: process.pid + ' met ' + others });
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 2));
    unlinkSync(inside + '/' + process.pid);
    process.send({ alone: process.pid });
    await lock.release()(signal)();
  }
`;

test('processes that are killed at any moment never let two in at once, and never lock out the rest', async () => {
  const root = await temporaryFolder();
  const inside = await temporaryFolder();
  const script = await scriptWithDisk(striving);
  const unexpected: unknown[] = [];
  let visits = 0;
  const launch = (): ChildProcess => {
    const child = start(script, root, inside);
    child.on('message', (message: { unexpected?: unknown; alone?: number }) => {
      if (message.alone !== undefined) visits += 1;
      if (message.unexpected !== undefined) unexpected.push(message.unexpected);
    });
    return child;
  };
  const children = Array.from({ length: 6 }, launch);
  await Promise.all(children.map((child) => messageOf(child)));
  for (let round = 0; round < 12; round += 1) {
    const position = round % children.length;
    const victim = children[position];
    await pause(Math.random() * 60);
    if (victim !== undefined) await kill(victim);
    const next = launch();
    children[position] = next;
    await messageOf(next);
  }
  const before = visits;
  await pause(1_000);
  await Promise.all(children.map(kill));
  expect(unexpected).toEqual([]);
  expect(before).toBeGreaterThan(5);
  expect(visits).toBeGreaterThan(before);
}, 60_000);

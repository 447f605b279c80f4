/** What containers write reaches their logs through `watch`, once, in order and well-formed, whoever reads when. */
import { readdirSync, readFileSync, renameSync, statSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { atGo, describeReleases, isAlive, letGo, TestNode, waitUntil } from './harness/index.js';
import { expectCounting, writtenLines } from './watch/log-of.js';
import { watchNode } from './watch/watch-of.js';

/** Waits to be let go, counts as far as it is told, with a pause between lines or none, and then does nothing more. */
const counting = (lines: number, pauseMicroseconds: number): ReadonlyArray<string> => {
  const rest = pauseMicroseconds > 0 ? `usleep ${pauseMicroseconds};` : '';
  return atGo(`i=0; while [ $i -lt ${lines} ]; do echo $i; i=$((i+1)); ${rest} done; sleep 2147483647`);
};

const manyLines = 60_000;

describeReleases('the output of containers', (release) => {
  let node: TestNode;
  let fast: Counter;
  let slow: Counter;
  let created: string;

  interface Counter {
    readonly id: string;
    readonly log: string;
    readonly pid: number;
  }

  beforeAll(async () => {
    node = await TestNode.create(release);
    await node.start({ cri: true });
    const pod = await node.cri.runPod({ name: 'pod', hostNetwork: true });
    const start = async (name: string, lines: number, pauseMicroseconds: number): Promise<Counter> => {
      const id = await node.cri.createContainer(pod, { name, command: counting(lines, pauseMicroseconds) });
      await node.cri.startContainer(id);
      const { logPath, pid } = await node.cri.containerStatus(id);
      return { id, log: logPath, pid };
    };
    fast = await start('fast', manyLines, 0);
    slow = await start('slow', 2 ** 31, 2_000);
    created = await node.cri.createContainer(pod, { name: 'created', stdin: true });
    await node.restart({ cri: false });
    for (const counter of [fast, slow]) letGo(counter);
  });

  afterAll(() => node?.dispose());

  test('that nobody read is in the log, and goes on', async () => {
    await waitUntil('the pipe is full, and whoever writes to it waits', () => isStalled(fast.pid));
    expect(writtenLines([fast.log])).toEqual([]);
    const watching = await watchNode(node);
    await waitUntil('all is in the log', () => writtenLines([fast.log]).length >= manyLines);
    expect(await watching.end()).toEqual({ code: 0, stderr: '' });
    expect(writtenLines([fast.log])).toHaveLength(manyLines);
    expectCounting(writtenLines([fast.log]), 0);
    expectCounting(writtenLines([slow.log]), 0);
  });

  test('survives many watches, each ended by SIGTERM', async () => {
    for (let round = 0; round < 10; round += 1) {
      const before = writtenLines([slow.log]).length;
      const watching = await watchNode(node);
      await waitUntil('more lines', () => writtenLines([slow.log]).length > before + 20 * round);
      expect(await watching.end()).toEqual({ code: 0, stderr: '' });
      expect(isAlive(watching.pid)).toBe(false);
    }
    expectCounting(writtenLines([slow.log]), 0);
    for (const { id, pid } of [fast, slow])
      expect(await node.engine.tasks.get(id)).toMatchObject({ status: 'running', pid });
  });

  test('goes on in a new file when the log was renamed and SIGHUP says so', async () => {
    const watching = await watchNode(node);
    const paths = [slow.log];
    for (let turn = 0; turn < 3; turn += 1) {
      const renamed = `${slow.log}.${turn}`;
      renameSync(slow.log, renamed);
      paths.splice(-1, 1, renamed, slow.log);
      watching.signal('SIGHUP');
      await waitUntil('the new log has grown', () => sizeOf(slow.log) > 2_000);
    }
    await watching.end();
    expect(statSync(slow.log).mode & 0o777).toBe(0o640);
    expectCounting(writtenLines(paths), 0);
  });

  test('has new FIFOs to go to in a container yet to be started, in place of those of earlier attempts', async () => {
    const io = join(node.criState, 'containers', created, 'io');
    await mkdir(join(io, 'earlier'), { recursive: true });
    const watching = await watchNode(node);
    await watching.end();
    const sets = readdirSync(io);
    expect(sets).toHaveLength(1);
    expect(sets).not.toContain('earlier');
    const fifos = readdirSync(join(io, sets[0] ?? ''));
    expect(fifos.sort()).toEqual([`${created}-stderr`, `${created}-stdin`, `${created}-stdout`]);
    for (const name of fifos) {
      const entry = statSync(join(io, sets[0] ?? '', name));
      expect([entry.isFIFO(), entry.mode & 0o777]).toEqual([true, 0o700]);
    }
  });
});

/** Whether a process has used no time for a while: whoever counts and waits is stuck in a write. */
const isStalled = async (pid: number): Promise<boolean> => {
  const before = readFileSync(`/proc/${pid}/schedstat`, 'utf8');
  await new Promise((resolve) => setTimeout(resolve, 100));
  return readFileSync(`/proc/${pid}/schedstat`, 'utf8') === before;
};

const sizeOf = (path: string): number => {
  try {
    return statSync(path).size;
  } catch {
    return 0;
  }
};

/**
 * The log that the adapter writes is the one that the CRI plugin writes of the same output, on every release, but for the times. One container
 * prints while the plugin reads, another prints the same while the adapter does.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as E from 'fp-ts/lib/Either.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Id } from '../../src/core/identity.js';
import { noOutput, openContainerIo, restOfOutput, splitOutput } from '../../src/stdio/index.js';
import { atGo, describeReleases, letGo, TestNode, waitUntil } from './harness/index.js';

/** What is printed, as shell commands and as the bytes they make. */
const parts: ReadonlyArray<readonly [string, string]> = [
  ...[16_383, 16_384, 16_385, 32_768, 32_769].flatMap((length) =>
    [
      ['\\n', '\n'],
      ['\\r\\n', '\r\n'],
      ['\\r', '\r'],
      ['\\r\\r\\n', '\r\r\n'],
    ].map(([escaped = '', end = '']): readonly [string, string] => [
      `head -c ${length} /dev/zero | tr '\\0' x; printf '${escaped}'`,
      'x'.repeat(length) + end,
    ]),
  ),
  // Around the 4096 bytes that containerd reads at a time.
  ...[4_094, 4_095, 4_096, 8_191, 8_192].map((length): readonly [string, string] => [
    `head -c ${length} /dev/zero | tr '\\0' y; printf '\\r\\n'`,
    `${'y'.repeat(length)}\r\n`,
  ]),
  [`printf '\\n\\n\\r\\n\\r\\r\\na\\rb\\n\\rc\\r\\n'`, '\n\n\r\n\r\r\na\rb\n\rc\r\n'],
  [`printf '\\377\\376\\0\\303(\\200\\0\\n \\n'`, '\xff\xfe\0\xc3(\x80\0\n \n'],
];
const tails: ReadonlyArray<readonly [string, string, string]> = [
  ['a tail', 'printf tail', 'tail'],
  ['a tail of one record', `head -c 16384 /dev/zero | tr '\\0' z`, 'z'.repeat(16_384)],
  ['a tail with a carriage return', `head -c 16384 /dev/zero | tr '\\0' z; printf '\\r'`, `${'z'.repeat(16_384)}\r`],
  ['no tail', 'true', ''],
];

const printed = (tail: string, tty: boolean): Buffer => {
  const text = parts.map(([, bytes]) => bytes).join('') + tail;
  return Buffer.from(tty ? text.replaceAll('\n', '\r\n') : text, 'latin1');
};

/**
 * Waits for the word to go when it is told to, prints to stdout, and then to stderr. It stays a while, for a shim may lose the end of what a
 * terminal was given when the process ends at once (seen with 1.6).
 */
const script = (waits: boolean, tail: string): ReadonlyArray<string> => {
  const print = [...parts.map(([command]) => command), tail].join('; ');
  const all = `print() { ${print}; }; print; print >&2; usleep 500000`;
  return waits ? atGo(all) : ['sh', '-c', all];
};

/** The lines of one stream in a log, without their times, which must be times. */
const linesIn = (path: string, stream: string): ReadonlyArray<string> => {
  const lines = readFileSync(path, 'latin1').split('\n');
  expect(lines.pop()).toBe('');
  return lines.flatMap((line) => {
    const [, time, name, rest] = /^(\S+) (\S+) ([PF] .*)$/s.exec(line) ?? [];
    expect(time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/);
    return name === stream && rest !== undefined ? [rest] : [];
  });
};

const expected = (bytes: Buffer): ReadonlyArray<string> => {
  const { records, held } = splitOutput(noOutput, bytes);
  return [...records, ...restOfOutput(held)].map(({ tag, text }) => `${tag} ${text.toString('latin1')}`);
};

const summary = (lines: ReadonlyArray<string>): ReadonlyArray<string> =>
  lines.map((line) => line.replace(/([xyz])\1{9,}/g, (run) => `${run[0]}*${run.length}`));

describeReleases('the log format', (release) => {
  let node: TestNode;
  const cases = tails.flatMap(([name, command, bytes], index) =>
    [false, true].map((tty) => ({ name, command, bytes, tty, key: `${index}${tty ? 't' : ''}` })),
  );
  const plugins = new Map<string, string>();
  const waiting = new Map<string, string>();

  beforeAll(async () => {
    node = await TestNode.create(release);
    await node.start({ cri: true });
    const pod = await node.cri.runPod({ name: 'pod', hostNetwork: true });
    const run = async (name: string, command: ReadonlyArray<string>, tty: boolean): Promise<string> => {
      const id = await node.cri.createContainer(pod, { name, command, tty });
      await node.cri.startContainer(id);
      return id;
    };
    const printing = new Map<string, string>();
    for (const { key, command, tty } of cases) {
      printing.set(key, await run(`plugin-${key}`, script(false, command), tty));
      waiting.set(key, await run(`ours-${key}`, script(true, command), tty));
    }
    for (const [key, id] of printing) {
      const status = await waitUntil('the container has ended', async () => {
        const now = await node.cri.containerStatus(id);
        return now.state === 'EXITED' && now;
      });
      plugins.set(key, status.logPath);
    }
    await node.restart({ cri: false });
  });

  afterAll(() => node?.dispose());

  describe.each(cases)('of $name, terminal: $tty', ({ key, bytes, tty }) => {
    const output = printed(bytes, tty);
    // A terminal has one stream, and what is printed to either follows on it.
    const streams: ReadonlyArray<readonly [string, Buffer]> = tty
      ? [
          ['stdout', Buffer.concat([output, output])],
          ['stderr', Buffer.alloc(0)],
        ]
      : [
          ['stdout', output],
          ['stderr', output],
        ];

    test.each(streams)("is the formatter's in the plugin's log: %s", (stream, whole) => {
      const lines = linesIn(plugins.get(key) ?? '', stream);
      expect(summary(lines)).toEqual(summary(expected(whole)));
      expect(lines).toEqual(expected(whole));
    });

    test("is the plugin's in the adapter's log", async () => {
      const id = waiting.get(key) ?? '';
      const task = await node.engine.tasks.get(id);
      if (task === undefined) throw new Error('no task');
      const path = join(node.directory, `ours-${key}.log`);
      const io = openContainerIo({ state: node.criState });
      const { signal } = new AbortController();
      expect(await io.attach(id as Id, task, path)(signal)()).toEqual(E.right(undefined));
      letGo(task);
      await waitUntil('the streams have ended', async () => E.isLeft(await io.reopenLog(id as Id)(signal)()));
      await io.close();
      for (const stream of ['stdout', 'stderr'])
        expect(linesIn(path, stream)).toEqual(linesIn(plugins.get(key) ?? '', stream));
    });
  });
});

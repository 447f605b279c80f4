/**
 * Checkpoints broken in every way, read by containerd's own Go and by this library: one start of the CRI plugin finds a container for each, with no
 * task, and stores again what it has read. Where the two differ, docs/differences.md has to have said so.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { clone } from '@bufbuild/protobuf';
import fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { decodeCheckpoint } from '../../src/codec/checkpoint.js';
import { encodeJson, parseJson } from '../../src/codec/json.js';
import { type ContainerStatus, containerState } from '../../src/core/container-status.js';
import { isJsonObject } from '../../src/core/json.js';
import { type Broken, brokenText } from '../fuzz/broken-text.js';
import { isLong, seed } from '../fuzz/effort.js';
import { containerMetadata, describeReleases, type Release, TestNode } from './harness/index.js';
import { ContainerSchema } from './proto/gen/containers_pb.js';

/** Of each sort. */
const count = isLong ? 700 : 250;

const common = '"Pid":4242,"CreatedAt":1700000000000000001,"StartedAt":1700000000000000003';
const ended = `${common},"FinishedAt":1700000000000000005,"ExitCode":-7,"Reason":"OOMKilled","Message":"a \\u003cb\\u003e c"`;
const texts = [
  `{"Version":"v1",${ended}}`,
  `{"Version":"v1",${ended},"Resources":null,"Restore":false}`,
  `{"Version":"v1",${ended},"Resources":{"linux":{"cpu_period":100000,"unified":{"memory.high":"max"}}},"Later":[{"a":1}]}`,
  `{"Version":"v1",${common},"FinishedAt":0,"ExitCode":0,"Reason":"","Message":"","Resources":null}`,
];

/** What is compared: what a status has in every state. */
interface Read {
  readonly pid: number;
  readonly createdAt: bigint;
  readonly startedAt: bigint;
  readonly finishedAt: bigint | 'now';
  readonly exitCode: number;
  readonly reason: string;
  readonly message: string;
}

/** Go has U+FFFD for each broken byte and for half a surrogate pair; here it is one for each sequence, and the half itself. */
const inWords = (text: string): string =>
  text.replace(/\p{Surrogate}|\ufffd+/gu, '\ufffd').replace(/\ufffd+/g, '\ufffd');

const readOf = (status: ContainerStatus, startedNow: bigint): Read => {
  const { pid, createdAt, startedAt, finishedAt, exitCode, reason, message } = status;
  const words = { reason: inWords(reason), message: inWords(message) };
  return { pid, createdAt, startedAt, finishedAt: finishedAt > startedNow ? 'now' : finishedAt, exitCode, ...words };
};

const lost: Read = {
  pid: 0,
  createdAt: 0n,
  startedAt: 0n,
  finishedAt: 0n,
  exitCode: 255,
  reason: 'Unknown',
  message: '',
};

/** What containerd would store for a container without a task that has this checkpoint, if it read it as we do. */
const expectedOf = (bytes: Uint8Array, startedNow: bigint): Read => {
  const decoded = decodeCheckpoint(bytes);
  if (E.isLeft(decoded)) return lost;
  const read = readOf(decoded.right.status, startedNow);
  return containerState(decoded.right.status) === 'RUNNING'
    ? { ...read, finishedAt: 'now', exitCode: 255, reason: 'Unknown' }
    : read;
};

/** The rows of docs/differences.md that a checkpoint may fall under. */
const mayDiffer = ({ bytes, text }: Broken): boolean => {
  const parsed = parseJson(text);
  if (E.isLeft(parsed)) return /nested too deeply/.test(parsed.left);
  const keys = [...bytes.toString('latin1').matchAll(/("(?:[^"\\]|\\.)*")\s*:/g)].map(([, key]) =>
    JSON.parse(key ?? ''),
  );
  const isTwice = new Set(keys).size < keys.length;
  const values = isJsonObject(parsed.right) ? Object.entries(parsed.right) : [];
  const hasOther = values.some(([key, value]) => sound(key)?.has(encodeJson(value)) === false);
  return isTwice || hasOther;
};

/** The values above of a field that this library does not read. */
const sound = (key: string): ReadonlySet<string> | undefined => {
  if (/^re[s\u017f]tore$/i.test(key)) return new Set(['null', 'false']);
  if (!/^re[s\u017f]ource[s\u017f]$/i.test(key)) return undefined;
  return new Set(['null', '{"linux":{"cpu_period":100000,"unified":{"memory.high":"max"}}}']);
};

const isJson = ({ text }: Broken): boolean => E.isRight(E.tryCatch((): unknown => JSON.parse(text), String));

const broken = brokenText(...texts);
/** What is no JSON at all is soon told: most of them are, with something odd in them. */
const cases: ReadonlyArray<Broken> = [
  ...new Map(
    [broken, broken.filter(isJson), broken.filter(isJson)]
      .flatMap((input, index) => fc.sample(input, { seed: seed + index, numRuns: count }))
      .map((one) => [one.text, one]),
  ).values(),
];

describeReleases('a broken checkpoint as containerd reads it', (release) => {
  let stored: ReadonlyArray<string>;
  let startedNow: bigint;
  let node: TestNode;

  beforeAll(async () => {
    node = await nodeWithCases(release);
    startedNow = BigInt(Date.now()) * 1_000_000n;
    await node.start({ cri: true });
    stored = await Promise.all(cases.map((_, index) => readFile(statusOf(node, index), 'utf8')));
  });
  afterAll(() => node?.dispose());

  test(`of ${cases.length} each is read here as it is there`, async () => {
    const known = new Set<number>();
    const differing = cases.flatMap((one, index) => {
      const [theirs, ours] = [storedAs(stored[index] ?? ''), expectedOf(one.bytes, startedNow)];
      if (isSame(theirs, ours)) return [];
      if (!mayDiffer(one)) return [{ broken: one.bytes.toString('latin1').slice(0, 600), theirs, ours }];
      known.add(index);
      return [];
    });
    const readable = cases.filter(({ bytes }) => E.isRight(decodeCheckpoint(bytes))).length;
    console.log(
      `containerd ${release.name}: ${cases.length} checkpoints, ${readable} readable, ${known.size} known to differ, seed ${seed}`,
    );
    expect(differing.slice(0, 5)).toEqual([]);
    // Otherwise little was shown.
    expect(readable).toBeGreaterThan(cases.length / 5);
    expect(cases.length - readable).toBeGreaterThan(cases.length / 4);
    expect(known.size).toBeLessThan(cases.length / 8);
  });

  test('and all of them are loaded, in the state that is read here', async () => {
    const states = new Map((await node.cri.listContainers()).map(({ id, state }) => [id, state]));
    expect(states.size).toBe(cases.length + 1);
    for (const [index, one] of cases.entries()) {
      const decoded = decodeCheckpoint(one.bytes);
      const before = E.isLeft(decoded) ? 'UNKNOWN' : containerState(decoded.right.status);
      const expected = before === 'RUNNING' ? 'EXITED' : before;
      if (!mayDiffer(one))
        expect([one.text.slice(0, 300), states.get(idOf(index))]).toEqual([one.text.slice(0, 300), expected]);
    }
  });
});

const idOf = (index: number): string => `case-${index}`;
const statusOf = (node: TestNode, index: number): string => join(node.criRoot, 'containers', idOf(index), 'status');

const storedAs = (text: string): Read => {
  const decoded = decodeCheckpoint(Buffer.from(text));
  if (E.isLeft(decoded)) throw new Error(`containerd has left: ${text.slice(0, 200)}`);
  return readOf(decoded.right.status, startOfTest);
};
const startOfTest = BigInt(Date.now()) * 1_000_000n;

const isSame = (a: Read, b: Read): boolean => JSON.stringify(a, plain) === JSON.stringify(b, plain);
const plain = (_: string, value: unknown): unknown => (typeof value === 'bigint' ? `${value}` : value);

/** A node that is down, with a record and a checkpoint for every case, all copies of one container that was never started. */
const nodeWithCases = async (release: Release): Promise<TestNode> => {
  const node = await TestNode.create(release);
  await node.start({ cri: true });
  const pod = await node.cri.runPod({ name: 'pod', hostNetwork: true });
  const id = await node.cri.createContainer(pod, { name: 'template' });
  await node.restart({ cri: false });
  const template = await node.engine.containers.get(id);
  const metadata = Buffer.from(template.extensions[containerMetadata]?.value ?? []).toString();
  for (const [index, { bytes }] of cases.entries()) {
    const record = clone(ContainerSchema, template);
    record.id = idOf(index);
    const extension = record.extensions[containerMetadata];
    // The name is in it once, and in the config.
    if (extension) extension.value = Buffer.from(metadata.replaceAll(id, record.id).replaceAll('template', record.id));
    await node.engine.containers.create(record);
    await mkdir(join(statusOf(node, index), '..'), { recursive: true });
    await writeFile(statusOf(node, index), bytes, { mode: 0o600 });
  }
  await node.kill();
  return node;
};

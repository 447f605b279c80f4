/**
 * Answers without measure, each to a process of its own that has 256 MB of heap: it goes on, and says what is wrong. Figures are printed; the
 * answers that take longer to make are for the long form.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { create, toBinary } from '@bufbuild/protobuf';
import { AnySchema } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { ContainerSchema, ListContainerMessageSchema } from '../../src/containerd/proto/gen/containers_pb.js';
import { ListImagesResponseSchema } from '../../src/containerd/proto/gen/images_pb.js';
import { ListTasksResponseSchema } from '../../src/containerd/proto/gen/tasks_pb.js';
import { scriptWith } from '../disk/child-process.js';
import { temporaryFolder } from '../disk/temporary-node.js';
import { isLong } from './effort.js';
import { type Answer, hostileServer } from './hostile-server.js';

const heapMb = 256;

/** Asks for one thing, and tells how it ended and what that took. */
const asking = `
  import { readFileSync } from 'node:fs';
  import { containerdPorts } from './containerd/index.js';
  const [address, question, deadline] = process.argv.slice(2);
  const { containers, tasks, images, close } = containerdPorts({ address, namespace: 'k8s.io' });
  const questions = { containers: containers.listContainers(), tasks: tasks.list(), images: images.list() };
  gc();
  const before = process.memoryUsage().heapUsed;
  const start = performance.now();
  const answer = await questions[question](AbortSignal.timeout(Number(deadline)))();
  const ms = Math.round(performance.now() - start);
  close();
  gc();
  const keptMb = Math.round((process.memoryUsage().heapUsed - before) / 1024 / 1024);
  // What getrusage tells begins with what the parent had.
  const rssMb = Math.round(Number(/VmHWM:\\s+(\\d+)/.exec(readFileSync('/proc/self/status', 'latin1'))[1]) / 1024);
  const end = answer._tag === 'Left' ? answer.left.message : answer.right.length + ' items';
  const first = answer._tag === 'Right' && answer.right[0]?._tag === 'Left' ? answer.right[0].left.message : '';
  console.log(JSON.stringify({ end, first, ms, rssMb, keptMb }));
`;

const typeUrl = 'github.com/containerd/cri/pkg/store/container/Metadata';
const record = (config: string, id = 'a'.repeat(64)): Uint8Array => {
  const value = Buffer.from(`{"Version":"v1","Metadata":{"ID":"${id}","Name":"a","SandboxID":"s","Config":${config}}}`);
  const extensions = { 'io.cri-containerd.container.metadata': create(AnySchema, { typeUrl, value }) };
  const container = create(ContainerSchema, { id, extensions });
  return toBinary(ListContainerMessageSchema, create(ListContainerMessageSchema, { container }));
};
const repeated = (one: Uint8Array, count: number): Uint8Array =>
  Buffer.concat(Array.from({ length: count }, () => one));
const process_ = { id: 'a'.repeat(64), pid: 1, status: 2, stdout: `/run/${'a'.repeat(64)}` };
const aTask = toBinary(ListTasksResponseSchema, create(ListTasksResponseSchema, { tasks: [process_] }));
const anImage = toBinary(
  ListImagesResponseSchema,
  create(ListImagesResponseSchema, { images: [{ name: 'i'.repeat(60) }] }),
);
const answered = (...messages: ReadonlyArray<Uint8Array>): Answer => ({
  _tag: 'Messages',
  messages,
  status: '0',
  words: '',
});

/** 10 kB of environment variables. */
const environment = JSON.stringify({
  envs: Array.from({ length: 150 }, (_, index) => ({ key: `VARIABLE_${index}`, value: 'x'.repeat(40) })),
});

type Question = 'containers' | 'tasks' | 'images';
interface Scene {
  readonly question: Question;
  readonly answer: () => Answer;
  readonly end: RegExp;
  /** How many MB the answer may take, and the client that is loaded for it. */
  readonly keptMb?: number;
  readonly long?: true;
}

const tooLong = /^a message from .* is longer than 33554432 bytes$/;
const scenes: Readonly<Record<string, Scene>> = {
  '5,000 records of 10 kB': {
    question: 'containers',
    answer: () =>
      answered(...Array.from({ length: 5_000 }, (_, index) => record(environment, `${index}-${'a'.repeat(58)}`))),
    end: /^5000 items$/,
    keptMb: 12,
  },
  'a million tasks in one message': {
    question: 'tasks',
    answer: () => answered(repeated(aTask, 1_000_000)),
    end: tooLong,
  },
  'as many tasks as a message holds': {
    question: 'tasks',
    answer: () => answered(repeated(aTask, 200_000)),
    end: /^200000 items$/,
    long: true,
  },
  'a million images in one message': {
    question: 'images',
    answer: () => answered(repeated(anImage, 1_000_000)),
    end: tooLong,
    long: true,
  },
  'a message that says it is 4 GiB long': {
    question: 'images',
    answer: () => ({ _tag: 'Frame', flag: 0, length: 2 ** 32 - 1, bytes: aTask }),
    end: tooLong,
  },
  'records without end': {
    question: 'containers',
    answer: () => ({ _tag: 'Endless', message: record('{"envs":[]}') }),
    end: /^more than 100000 records, or 536870912 bytes of them$/,
    long: true,
  },
  'records of 1 MiB without end': {
    question: 'containers',
    answer: () => ({ _tag: 'Endless', message: record(`{"x":"${'x'.repeat(2 ** 20)}"}`) }),
    end: /^more than 100000 records, or 536870912 bytes of them$/,
  },
  'empty messages without end': {
    question: 'containers',
    answer: () => ({ _tag: 'Endless', message: new Uint8Array() }),
    end: /^no answer from .* in time$/,
    long: true,
  },
  'metadata of 5 MiB': {
    question: 'containers',
    answer: () => answered(record(`{"x":"${'x'.repeat(5 * 2 ** 20)}"}`)),
    end: /^1 items$/,
  },
  'metadata of a million objects': {
    question: 'containers',
    answer: () => answered(record(`[${'{},'.repeat(1_000_000)}{}]`)),
    end: /^1 items$/,
  },
};

describe(`with ${heapMb} MB of heap`, () => {
  let script: string;
  beforeAll(async () => {
    script = await scriptWith('containerd', asking, await mkdtemp(join(tmpdir(), 'cri-recovery-memory-')));
  });
  afterAll(() => rm(dirname(script), { recursive: true }));

  const wanted = Object.entries(scenes).filter(([, { long }]) => isLong || long !== true);
  test.each(wanted)('%s', { timeout: 120_000 }, async (what, { question, answer, end, keptMb }) => {
    const server = await hostileServer(await temporaryFolder(), answer);
    onTestFinished(server.close);
    const deadlineMs = end.test('no answer from x in time') ? 1_000 : 60_000;
    const args = [`--max-old-space-size=${heapMb}`, '--expose-gc', script, server.address, question, `${deadlineMs}`];
    const { stdout } = await promisify(execFile)(process.execPath, args);
    const figures: { end: string; first: string; rssMb: number; keptMb: number } = JSON.parse(stdout);
    console.log(what, figures);
    expect(figures.end).toMatch(end);
    if (/metadata/.test(what))
      expect(figures.first).toMatch(
        /^its metadata cannot be read: (\d+ bytes long|not JSON that can be read: it holds too many values)/,
      );
    expect(figures.rssMb).toBeLessThan(heapMb * 3);
    if (keptMb !== undefined) expect(figures.keptMb).toBeLessThan(keptMb);
  });
});

/** Answers to every call that a recovery makes: most of them sound messages with hostile content, the rest broken. */
import { create } from '@bufbuild/protobuf';
import { TimestampSchema } from '@bufbuild/protobuf/wkt';
import fc from 'fast-check';
import { brokenBytes, brokenText } from './broken-text.js';
import {
  contentMessage,
  imagesMessage,
  metadataText,
  type RecordKind,
  recordMessage,
  taskMessage,
  tasksMessage,
  versionMessage,
} from './containerd-messages.js';
import type { Answer, Manners } from './hostile-server.js';

/** Ids of what is on the disk. */
export const soundIds = ['kept-0', 'kept-1', 'kept-2'] as const;
/** Ids that should never get there. */
export const hostileIds = [
  '', '.', '..', '../outside', '../../outside', '../../outside/containers', '/etc', 'a/b', 'kept-0/../kept-1', 'kept-0/', 'a\0b', 'a\nb', 'outside/',
  '-rf', '__proto__', '.hidden', 'x'.repeat(77), 'x'.repeat(5_000), '\u202ekept-0', 'kept-0 ', '\u001b[2J', '%2e%2e', 'köpt',
]; // biome-ignore format: one table

const anId = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom<string>(...soundIds, 'outside', 'constructor') },
  { weight: 2, arbitrary: fc.constantFrom(...hostileIds) },
);
const someText = fc.oneof(
  fc.constantFrom('', '\u001b[31m', '__proto__', '../..', '/proc/self/root', 'x'.repeat(4_097)),
  fc.string({ maxLength: 20 }),
);
const seconds = fc.constantFrom(
  0n,
  1_700_000_000n,
  -1n,
  -62_135_596_800n,
  2n ** 63n - 1n,
  -(2n ** 63n),
  253_402_300_800n,
);
const nanos = fc.constantFrom(0, 1, -1, 2 ** 31 - 1, -(2 ** 31), 999_999_999);
const aTime = fc.oneof(fc.constant(undefined), fc.record({ seconds, nanos }));
const labels = fc
  .array(fc.tuple(fc.oneof(someText, fc.constantFrom('io.cri-containerd.kind', 'constructor')), someText), {
    maxLength: 3,
  })
  .map((entries) => Object.fromEntries(entries));

const mostly = <A>(sound: A, odd: fc.Arbitrary<A>): fc.Arbitrary<A> =>
  fc.oneof({ weight: 8, arbitrary: fc.constant(sound) }, { weight: 1, arbitrary: odd });

const aRecord = (kind: RecordKind): fc.Arbitrary<Uint8Array> =>
  anId.chain((id) =>
    fc
      .record({
        id: fc.constant(id),
        kind: fc.constant(kind),
        createdAt: aTime,
        labels,
        metadata: mostly<Uint8Array>(
          Buffer.from(metadataText(kind, id)),
          brokenText(metadataText(kind, id)).map(({ bytes }) => bytes),
        ),
        typeUrl: mostly(`github.com/containerd/cri/pkg/store/${kind}/Metadata`, someText),
        key: mostly(`io.cri-containerd.${kind}.metadata`, fc.constantFrom('__proto__', 'constructor')),
      })
      .map(recordMessage),
  );

const aProcess = fc
  .record({
    id: anId,
    exitedAt: aTime,
    pid: fc.constantFrom(0, 1, process.pid, 4_194_304, 2 ** 32 - 1),
    status: fc.constantFrom(0, 1, 2, 2, 2, 3, 3, 4, 5, 6, 99, -1),
    exitStatus: fc.constantFrom(0, 137, 2 ** 32 - 1),
    stdout: someText,
  })
  .map(({ exitedAt, ...fields }) => ({ ...fields, ...(exitedAt && { exitedAt: create(TimestampSchema, exitedAt) }) }));

const digest = `sha256:${'a'.repeat(64)}`;
const anImage = fc.record({ name: someText, labels, target: fc.constant({ digest }) });

type Messages = fc.Arbitrary<ReadonlyArray<Uint8Array>>;

/** Messages of each method that are sound as messages. */
const sound: Readonly<Record<string, Messages>> = {
  'Containers/ListStream': fc.array(fc.oneof(aRecord('container'), aRecord('sandbox')), { maxLength: 8 }),
  'Tasks/List': fc.array(aProcess, { maxLength: 8 }).map((tasks) => [tasksMessage(tasks)]),
  'Tasks/Get': aProcess.map((process) => [taskMessage(process)]),
  'Images/List': fc.array(anImage, { maxLength: 3 }).map((images) => [imagesMessage(images)]),
  'Content/Read': fc
    .array(
      brokenText('{"manifests":[]}').map(({ bytes }) => bytes),
      { maxLength: 3 },
    )
    .map((parts) => parts.map(contentMessage)),
  'Introspection/Plugins': fc.constant([new Uint8Array()]),
};
const version: Messages = someText.map((text) => [versionMessage(text)]);
const empty: Messages = fc.constant([new Uint8Array()]);

const status = fc.constantFrom(
  '0',
  '0',
  '0',
  '0',
  '0',
  '0',
  '1',
  '2',
  '4',
  '5',
  '8',
  '13',
  '14',
  '16',
  '99',
  '-1',
  '',
  'zero',
  '0x0',
);
const words = fc.constantFrom(
  '',
  'context deadline exceeded',
  'not found',
  '\u001b[2J\u202e\n',
  'x'.repeat(2_000),
  'process already finished',
);

const weighted = (weight: number, arbitrary: fc.Arbitrary<Answer>) => ({ weight, arbitrary });
const answered = (messages: ReadonlyArray<Uint8Array>): Answer => ({
  _tag: 'Messages',
  messages,
  status: '0',
  words: '',
});

const answerTo = (messages: Messages, wellBehaved = 120): fc.Arbitrary<Answer> => {
  const _tag = fc.constant('Messages' as const);
  const broken = brokenBytes(messages.map((all) => Buffer.concat([...all])));
  const framedBytes = broken.map((bytes) => Buffer.concat([Buffer.from([0, 0, 0, 0, bytes.length & 0xff]), bytes]));
  const lengths = fc.constantFrom(0, 1, 7, 2 ** 24, 2 ** 31, 2 ** 32 - 1);
  const flag = fc.constantFrom(0, 1, 2, 0x80, 0xff);
  return fc.oneof(
    weighted(wellBehaved, messages.map(answered)),
    weighted(6, fc.record({ _tag, messages: broken.map((bytes) => [bytes]), status, words })),
    weighted(3, fc.record({ _tag, messages, status, words })),
    weighted(
      2,
      fc.record({ _tag: fc.constant('Bytes'), bytes: framedBytes, status: fc.constantFrom('0', undefined, '13') }),
    ),
    weighted(2, fc.record({ _tag: fc.constant('Frame'), flag, length: lengths, bytes: broken })),
    weighted(2, fc.record({ _tag: fc.constant('Broken'), bytes: framedBytes, whole: fc.boolean() })),
    weighted(
      1,
      broken.map((message) => ({ _tag: 'Endless', message: message.subarray(0, 65_536) })),
    ),
    weighted(1, fc.constant({ _tag: 'Silence' })),
  );
};

type Answers = Readonly<Record<string, Answer>>;

/** The method without its package, as in `Tasks/List`. */
const shortened = (method: string): string => method.split('.').at(-1) ?? method;

const mannersOf =
  (answers: Answers): Manners =>
  (method) =>
    answers[shortened(method)] ?? answers.other ?? { _tag: 'Silence' };

/** One answer for each method, the same whenever it is asked. Without a version nothing else is. */
export const hostileManners: fc.Arbitrary<{ readonly manners: Manners; readonly answers: Answers }> = fc
  .record({
    ...Object.fromEntries(Object.entries(sound).map(([method, messages]) => [method, answerTo(messages)])),
    'Version/Version': answerTo(version, 600),
    other: answerTo(empty),
  })
  .map((answers) => ({ answers, manners: mannersOf(answers) }));

/** Lists every hostile id as a sandbox and as a container, with tasks of this state, and otherwise behaves. */
export const mannersWithHostileIds = (taskStatus: number): Manners => {
  const ids = [...hostileIds, ...soundIds];
  const records = (['sandbox', 'container'] as const).flatMap((kind) => ids.map((id) => recordMessage({ id, kind })));
  const tasks = ids.map((id) => ({ id, pid: 4_194_304, status: taskStatus }));
  return mannersOf({
    'Version/Version': answered([versionMessage('1.7.24')]),
    'Containers/ListStream': answered(records),
    'Tasks/List': answered([tasksMessage(tasks)]),
    other: answered([new Uint8Array()]),
  });
};

/**
 * Where a node is and how long it may take, from the options that all verbs for a live node share.
 */
import * as E from 'fp-ts/lib/Either.js';
import { defaultLimits, type Limits } from '../index.js';

/** Where a live node is. */
export interface NodeSettings {
  readonly address: string;
  readonly root: string;
  readonly state: string;
  readonly namespace: string;
  readonly limits: Limits;
}

/** The options, as `parseArgs` takes them. */
export const nodeOptions = {
  address: { type: 'string' },
  root: { type: 'string' },
  state: { type: 'string' },
  namespace: { type: 'string' },
  'item-timeout': { type: 'string' },
  deadline: { type: 'string' },
  concurrency: { type: 'string' },
} as const;

export type NodeOption = keyof typeof nodeOptions;

/** The options as they were given. */
export type NodeValues = Readonly<Partial<Record<NodeOption, string | undefined>>>;

/** Reads the settings; on the left the line that says which is wrong. */
export const readNode = (values: NodeValues): E.Either<string, NodeSettings> => {
  const itemTimeoutMs = readDuration('item-timeout', values['item-timeout']);
  if (E.isLeft(itemTimeoutMs)) return itemTimeoutMs;
  const deadlineMs = readDuration('deadline', values.deadline);
  if (E.isLeft(deadlineMs)) return deadlineMs;
  const concurrency = readCount('concurrency', values.concurrency);
  if (E.isLeft(concurrency)) return concurrency;
  const { namespace = 'k8s.io' } = values;
  if (!isNamespace.test(namespace))
    return E.left(`--namespace is a name like k8s.io or moby, not ${JSON.stringify(namespace)}`);
  return E.right({
    address: values.address?.replace(/^unix:\/\/(?=\/)/, '') ?? '/run/containerd/containerd.sock',
    root: values.root ?? '/var/lib/containerd/io.containerd.grpc.v1.cri',
    state: values.state ?? '/run/containerd/io.containerd.grpc.v1.cri',
    namespace,
    limits: {
      itemTimeoutMs: itemTimeoutMs.right ?? defaultLimits.itemTimeoutMs,
      deadlineMs: deadlineMs.right ?? defaultLimits.deadlineMs,
      concurrency: concurrency.right ?? defaultLimits.concurrency,
    },
  });
};

/** containerd's own rule (`pkg/identifiers`). */
const isNamespace = /^(?=.{1,76}$)[A-Za-z0-9]+(?:[._-][A-Za-z0-9]+)*$/;

const milliseconds: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000 };
/** What a timer can hold. */
const longestMs = 2 ** 31 - 1;

const readDuration = (option: string, text: string | undefined): E.Either<string, number | undefined> => {
  if (text === undefined) return E.right(undefined);
  const [, amount, unit] = /^(\d+(?:\.\d+)?)(ms|s|m)$/.exec(text) ?? [];
  const ms = Math.round(Number(amount) * (milliseconds[unit ?? ''] ?? Number.NaN));
  if (ms >= 1 && ms <= longestMs) return E.right(ms);
  return E.left(`--${option} is a time like 500ms, 10s or 2m, not ${JSON.stringify(text)}`);
};

const readCount = (option: string, text: string | undefined): E.Either<string, number | undefined> => {
  if (text === undefined) return E.right(undefined);
  if (/^[1-9]\d{0,5}$/.test(text)) return E.right(Number(text));
  return E.left(`--${option} is a number from 1 to 999999, not ${JSON.stringify(text)}`);
};

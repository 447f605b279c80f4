/**
 * The command line as a value: which verb, with which settings, or one line that says what is wrong with it.
 */
import { parseArgs } from 'node:util';
import * as E from 'fp-ts/lib/Either.js';
import { defaultLimits, type Limits, type Policy, policies } from '../index.js';

/** Where a live node is. */
export interface NodeSettings {
  readonly address: string;
  readonly root: string;
  readonly state: string;
  readonly namespace: string;
  readonly limits: Limits;
}

export type Command =
  | { readonly _tag: 'Help' }
  | { readonly _tag: 'Version' }
  | { readonly _tag: 'PlanLive'; readonly node: NodeSettings; readonly policy: Policy; readonly json: boolean }
  | { readonly _tag: 'PlanRecorded'; readonly file: string; readonly policy: Policy; readonly json: boolean }
  | {
      readonly _tag: 'Record';
      readonly node: NodeSettings;
      readonly output: string | undefined;
      readonly masked: boolean;
    };

const live = {
  address: { type: 'string' },
  root: { type: 'string' },
  state: { type: 'string' },
  namespace: { type: 'string' },
  'item-timeout': { type: 'string' },
  deadline: { type: 'string' },
  concurrency: { type: 'string' },
} as const;
const options = {
  ...live,
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean' },
  node: { type: 'string' },
  policy: { type: 'string' },
  json: { type: 'boolean' },
  output: { type: 'string' },
  unmasked: { type: 'boolean' },
} as const;

type Given = ReturnType<typeof parse>['values'];
type Option = keyof typeof options;

const parse = (args: ReadonlyArray<string>) =>
  parseArgs({ args: [...args], options, strict: true, allowPositionals: true });

/** What each verb understands beside `--help`. */
const understood: Readonly<Record<'plan' | 'record', ReadonlyArray<Option>>> = {
  plan: [...(Object.keys(live) as ReadonlyArray<keyof typeof live>), 'node', 'policy', 'json'],
  record: [...(Object.keys(live) as ReadonlyArray<keyof typeof live>), 'output', 'unmasked'],
};

/** Reads the arguments after the program's name. */
export const readArguments = (args: ReadonlyArray<string>): E.Either<string, Command> => {
  const parsed = E.tryCatch(() => parse(args), firstSentence);
  if (E.isLeft(parsed)) return parsed;
  const { values, positionals } = parsed.right;
  if (values.help) return E.right({ _tag: 'Help' });
  if (values.version) return E.right({ _tag: 'Version' });
  const [verb, ...others] = positionals;
  if (verb === undefined) return E.left('a command is missing: plan or record');
  if (verb !== 'plan' && verb !== 'record')
    return E.left(`unknown command ${JSON.stringify(verb)}: it is plan or record`);
  if (others.length > 0) return E.left(`${JSON.stringify(others[0])} is one argument too many`);
  const foreign = (Object.keys(values) as ReadonlyArray<Option>).find((option) => !understood[verb].includes(option));
  if (foreign !== undefined) return E.left(`${verb} has no option --${foreign}`);
  return verb === 'plan' ? readPlan(values) : readRecord(values);
};

const readPlan = (values: Given): E.Either<string, Command> => {
  const { policy: name = 'careful', json = false, node: file } = values;
  if (name !== 'careful' && name !== 'containerd')
    return E.left(`--policy is careful or containerd, not ${JSON.stringify(name)}`);
  const policy = policies[name];
  if (file === undefined)
    return E.map((node: NodeSettings): Command => ({ _tag: 'PlanLive', node, policy, json }))(readNode(values));
  const beside = (Object.keys(live) as ReadonlyArray<keyof typeof live>).find((option) => values[option] !== undefined);
  if (beside !== undefined)
    return E.left(`--node reads a recording in place of a live node: --${beside} does not go with it`);
  return E.right({ _tag: 'PlanRecorded', file, policy, json });
};

const readRecord = (values: Given): E.Either<string, Command> =>
  E.map((node: NodeSettings): Command => ({ _tag: 'Record', node, output: values.output, masked: !values.unmasked }))(
    readNode(values),
  );

const readNode = (values: Given): E.Either<string, NodeSettings> => {
  const itemTimeoutMs = readDuration('item-timeout', values['item-timeout']);
  if (E.isLeft(itemTimeoutMs)) return itemTimeoutMs;
  const deadlineMs = readDuration('deadline', values.deadline);
  if (E.isLeft(deadlineMs)) return deadlineMs;
  const concurrency = readCount('concurrency', values.concurrency);
  if (E.isLeft(concurrency)) return concurrency;
  return E.right({
    address: values.address ?? '/run/containerd/containerd.sock',
    root: values.root ?? '/var/lib/containerd/io.containerd.grpc.v1.cri',
    state: values.state ?? '/run/containerd/io.containerd.grpc.v1.cri',
    namespace: values.namespace ?? 'k8s.io',
    limits: {
      itemTimeoutMs: itemTimeoutMs.right ?? defaultLimits.itemTimeoutMs,
      deadlineMs: deadlineMs.right ?? defaultLimits.deadlineMs,
      concurrency: concurrency.right ?? defaultLimits.concurrency,
    },
  });
};

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

/** Node's own words for a bad option, without its advice on positional arguments. */
const firstSentence = (thrown: unknown): string => {
  const [sentence = ''] = (thrown instanceof Error ? thrown.message : String(thrown)).split(/\.? *\n|\. /);
  return sentence.charAt(0).toLowerCase() + sentence.slice(1);
};

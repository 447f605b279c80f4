/**
 * The command line as a value: which verb, with which settings, or one line that says what is wrong with it.
 */
import { parseArgs } from 'node:util';
import * as E from 'fp-ts/lib/Either.js';
import { type Policy, policies } from '../index.js';
import type { Verb } from './help.js';
import { type NodeOption, type NodeSettings, nodeOptions, readNode } from './settings.js';

export type Command =
  | { readonly _tag: 'Help'; readonly verb: Verb | undefined }
  | { readonly _tag: 'Version' }
  | ({ readonly _tag: 'PlanRecorded'; readonly file: string } & Planned)
  | ({ readonly _tag: 'PlanLive'; readonly node: NodeSettings } & Planned)
  | ({ readonly _tag: 'Apply' | 'Watch' } & Recovering)
  | { readonly _tag: 'Record'; readonly node: NodeSettings; readonly output: string | undefined }
  | { readonly _tag: 'Quarantine'; readonly node: NodeSettings; readonly task: QuarantineTask };

/** How a plan is decided and shown. */
export interface Shown {
  readonly policy: Policy;
  readonly json: boolean;
}

/** How a plan is shown: whole, or what it makes of one item and why. */
export interface Planned extends Shown {
  /** The item as the user calls it. */
  readonly explain: string | undefined;
}

/** Where, how and under which conditions a node is recovered. */
export interface Recovering extends Shown {
  readonly node: NodeSettings;
  readonly alongsideCri: boolean;
}

export type QuarantineTask =
  | { readonly _tag: 'List'; readonly json: boolean }
  | { readonly _tag: 'Restore' | 'Purge'; readonly entry: string }
  | { readonly _tag: 'PurgeAll' };

const options = {
  ...nodeOptions,
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean' },
  node: { type: 'string' },
  policy: { type: 'string' },
  explain: { type: 'string' },
  json: { type: 'boolean' },
  'alongside-cri': { type: 'boolean' },
  output: { type: 'string' },
  all: { type: 'boolean' },
} as const;

type Given = ReturnType<typeof parse>['values'];
type Option = keyof typeof options;

const parse = (args: ReadonlyArray<string>) =>
  parseArgs({ args: [...args], options, strict: true, allowPositionals: true });

const allNodeOptions = Object.keys(nodeOptions) as ReadonlyArray<NodeOption>;

/** What each verb understands beside `--help`. */
export const understood: Readonly<Record<Verb, ReadonlyArray<Option>>> = {
  plan: [...allNodeOptions, 'node', 'policy', 'explain', 'json'],
  apply: [...allNodeOptions, 'policy', 'json', 'alongside-cri'],
  watch: [...allNodeOptions, 'policy', 'json', 'alongside-cri'],
  record: [...allNodeOptions, 'output'],
  quarantine: ['root', 'state', 'deadline', 'json', 'all'],
};
const verbs = 'plan, apply, watch, record or quarantine';

/** Reads the arguments after the program's name. */
export const readArguments = (args: ReadonlyArray<string>): E.Either<string, Command> => {
  const parsed = E.tryCatch(() => parse(args), firstSentence);
  if (E.isLeft(parsed)) return parsed;
  const { values, positionals } = parsed.right;
  const [verb, ...others] = positionals;
  if (values.help && (verb === undefined || isVerb(verb))) return E.right({ _tag: 'Help', verb });
  if (values.version) return E.right({ _tag: 'Version' });
  if (verb === undefined) return E.left(`a command is missing: ${verbs}`);
  if (!isVerb(verb)) return E.left(`unknown command ${JSON.stringify(verb)}: it is ${verbs}`);
  const given = Object.keys(values) as ReadonlyArray<Option>;
  const foreign = given.find((option) => !understood[verb].includes(option));
  if (foreign !== undefined) return E.left(`${verb} has no option --${foreign}`);
  const empty = given.find((option) => values[option] === '');
  if (empty !== undefined) return E.left(`--${empty} needs a value`);
  if (verb === 'quarantine') return readQuarantine(values, others);
  if (others.length > 0) return E.left(`${JSON.stringify(others[0])} is one argument too many`);
  switch (verb) {
    case 'plan':
      return readPlan(values);
    case 'apply':
      return readRecovering('Apply', values);
    case 'watch':
      return readRecovering('Watch', values);
    case 'record':
      return readRecord(values);
  }
};

const isVerb = (word: string): word is Verb => Object.hasOwn(understood, word);

const readShown = ({ policy = 'careful', json = false }: Given): E.Either<string, Shown> => {
  if (policy === 'careful' || policy === 'containerd') return E.right({ policy: policies[policy], json });
  return E.left(`--policy is careful or containerd, not ${JSON.stringify(policy)}`);
};

const readPlan = (values: Given): E.Either<string, Command> => {
  const shown = readShown(values);
  if (E.isLeft(shown)) return shown;
  const planned: Planned = { ...shown.right, explain: values.explain };
  if (values.node === undefined) {
    return E.map((node: NodeSettings): Command => ({ _tag: 'PlanLive', node, ...planned }))(readNode(values));
  }
  const beside = allNodeOptions.find((option) => values[option] !== undefined);
  if (beside === undefined) return E.right({ _tag: 'PlanRecorded', file: values.node, ...planned });
  return E.left(`--node reads a recording in place of a live node: --${beside} does not go with it`);
};

const readRecovering = (_tag: 'Apply' | 'Watch', values: Given): E.Either<string, Command> => {
  const shown = readShown(values);
  if (E.isLeft(shown)) return shown;
  const alongsideCri = values['alongside-cri'] ?? false;
  return E.map((node: NodeSettings): Command => ({ _tag, node, alongsideCri, ...shown.right }))(readNode(values));
};

const readQuarantine = (values: Given, [verb, ...entries]: ReadonlyArray<string>): E.Either<string, Command> => {
  const task = readQuarantineTask(values, verb, entries);
  if (E.isLeft(task)) return task;
  return E.map((node: NodeSettings): Command => ({ _tag: 'Quarantine', node, task: task.right }))(readNode(values));
};

const readQuarantineTask = (
  { json = false, all = false }: Given,
  verb: string | undefined,
  entries: ReadonlyArray<string>,
): E.Either<string, QuarantineTask> => {
  const [entry] = entries;
  if (verb === 'list' && entry === undefined && !all) return E.right({ _tag: 'List', json });
  if (json) return E.left('--json goes with quarantine list');
  if (verb === 'purge' && all && entry === undefined) return E.right({ _tag: 'PurgeAll' });
  if (entry === undefined || entries.length > 1 || all) return E.left(`it is ${quarantineForms}`);
  if (verb === 'restore') return E.right({ _tag: 'Restore', entry });
  if (verb === 'purge') return E.right({ _tag: 'Purge', entry });
  return E.left(`it is ${quarantineForms}`);
};

const quarantineForms = 'quarantine list, quarantine restore ENTRY, quarantine purge ENTRY or quarantine purge --all';

const readRecord = (values: Given): E.Either<string, Command> =>
  E.map(
    (node: NodeSettings): Command => ({
      _tag: 'Record',
      node,
      output: values.output === '-' ? undefined : values.output,
    }),
  )(readNode(values));

/** Node's own words for a bad option, without its advice on positional arguments. */
const firstSentence = (thrown: unknown): string => {
  const [sentence = ''] = (thrown instanceof Error ? thrown.message : String(thrown)).split(/\.? *\n|\. /);
  return sentence.charAt(0).toLowerCase() + sentence.slice(1);
};

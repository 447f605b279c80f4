/** Where policy `containerd` ends differently from containerd, each as docs/differences.md lists it, and how exactly. */
import type { ReleaseName } from '../harness/index.js';
import type { Said } from './outcome.js';
import type { StoredCheckpoint } from './stored.js';

/** What became of one container. */
export interface Ending {
  /** What the recovery says of it. */
  readonly said: Said | undefined;
  readonly stored: StoredCheckpoint;
  /** What lies in its directory. */
  readonly files: ReadonlyArray<string>;
  /** What the plugin says of it when it is started on what was left. */
  readonly later: Said | undefined;
}

export interface Difference {
  /** The first cell of its row in the document. */
  readonly row: string;
  /** What ours is where the plugin's is this. */
  readonly ours: (plugin: Ending) => Ending;
}

type Fields = Exclude<StoredCheckpoint, string>;

const lostFields: Fields = [
  ['Version', '"v1"'],
  ['Pid', 'none'],
  ['CreatedAt', 'none'],
  ['StartedAt', 'none'],
  ['FinishedAt', 'none'],
  ['ExitCode', '255'],
  ['Reason', '"Unknown"'],
  ['Message', '""'],
];
const lost: Said = {
  state: 'UNKNOWN',
  pid: 'none',
  createdAt: 'none',
  startedAt: 'none',
  finishedAt: 'none',
  exitCode: 255,
  reason: 'Unknown',
  message: '',
};
const killed = { finishedAt: 'exit', exitCode: 137 };
const sound = {
  pid: '4200042',
  createdAt: '1700000000000000001',
  startedAt: '1700000001000000003',
  reason: 'OOMKilled',
  message: 'out of memory',
};

/** Fields with other values; one that is not there yet comes last. */
const withFields = (stored: StoredCheckpoint, changes: Readonly<Record<string, string>>): Fields => {
  const fields = typeof stored === 'string' ? [] : stored;
  const changed = fields.map(([name, value]) => [name, changes[name] ?? value] as const);
  const names = new Set(fields.map(([name]) => name));
  return [...changed, ...Object.entries(changes).filter(([name]) => !names.has(name))];
};
const without = (stored: StoredCheckpoint, ...names: ReadonlyArray<string>): Fields =>
  typeof stored === 'string' ? [] : stored.filter(([name]) => !names.includes(name));

const exitFields = { FinishedAt: 'exit', ExitCode: '137' };
const soundFields = {
  Pid: '4200042',
  CreatedAt: sound.createdAt,
  StartedAt: sound.startedAt,
  Reason: '"OOMKilled"',
  Message: '"out of memory"',
};
/** EXITED once it is read again, because the flag is not stored. */
const later = (said: Said): Said => ({ ...said, state: said.finishedAt === 'none' ? 'UNKNOWN' : 'EXITED' });

const noDirectory = 'no directory for the checkpoint';
const directory = 'a directory in place of the checkpoint';
const link = 'a symbolic link in place of the checkpoint';
const duplicate = 'a key twice in a checkpoint, one of the values null or of a wrong type';
const withoutTemporary = ({ files, ...rest }: Ending): Ending => ({
  ...rest,
  files: files.filter((name) => !name.startsWith('.tmp-status')),
});

/** By the name of the container's situation. */
export const knownDifferences: Readonly<Record<string, Difference>> = {
  'absent task, without its directory': {
    row: noDirectory,
    ours: () => ({ said: lost, stored: lostFields, files: ['status'], later: lost }),
  },
  'stopped task, without its directory': {
    row: noDirectory,
    ours: () => {
      const said = { ...lost, ...killed };
      return { said, stored: withFields(lostFields, exitFields), files: ['status'], later: later(said) };
    },
  },
  'absent task, a directory': { row: directory, ours: withoutTemporary },
  'running task, a directory': { row: directory, ours: withoutTemporary },
  'stopped task, a directory': { row: directory, ours: withoutTemporary },
  'absent task, a link': {
    row: link,
    ours: (plugin) => ({ ...plugin, said: lost, stored: lostFields, later: lost }),
  },
  'stopped task, a link': {
    row: link,
    ours: (plugin) => {
      const said = { ...lost, ...killed };
      return { ...plugin, said, stored: withFields(lostFields, exitFields), later: later(said) };
    },
  },
  'absent task, resources of another type': {
    row: 'a field of another type that this library does not read (`Resources`, `Restore`)',
    ours: (plugin) => ({
      ...plugin,
      said: {
        ...lost,
        ...sound,
        state: 'EXITED',
        finishedAt: 'recovery',
        exitCode: 255,
        reason: 'Unknown',
        message: '',
      },
      stored: withFields(plugin.stored, {
        Pid: sound.pid,
        CreatedAt: sound.createdAt,
        StartedAt: sound.startedAt,
        FinishedAt: 'recovery',
        Resources: '7',
      }),
    }),
  },
  'stopped task, wrong type, then right': {
    row: duplicate,
    ours: (plugin) => {
      const said = { ...lost, ...sound, ...killed, state: 'EXITED' };
      return { ...plugin, said, stored: withFields(plugin.stored, { ...soundFields, Resources: 'null' }), later: said };
    },
  },
  'running task, a value, then null': {
    row: duplicate,
    ours: (plugin) => ({
      ...plugin,
      said: plugin.said && { ...plugin.said, exitCode: 0 },
      stored: withFields(plugin.stored, { ExitCode: '0' }),
      later: plugin.later && { ...plugin.later, exitCode: 0 },
    }),
  },
  'absent task, half a surrogate pair': {
    row: 'half a surrogate pair in a checkpoint',
    ours: (plugin) => ({
      ...plugin,
      said: plugin.said && { ...plugin.said, message: 'out \ud83d of' },
      stored: withFields(plugin.stored, { Message: '"out \\ud83d of"' }),
    }),
  },
  'stopped task, unknown fields': {
    row: 'fields of a checkpoint that containerd does not know',
    ours: (plugin) => ({
      ...plugin,
      stored: withFields(without(plugin.stored, 'Resources'), {
        Later: '{"a":[1,2]}',
        $: '12345678901234567890',
        Resources: 'null',
      }),
    }),
  },
  'absent task, keys in other cases': {
    row: 'fields of a checkpoint that this library does not read, in other cases',
    ours: (plugin) => ({ ...plugin, stored: withFields(without(plugin.stored, 'Resources'), { resources: 'null' }) }),
  },
};

/** Fields that containerd adds with these values where there was none, and this library does not. */
const addedFields: Readonly<Record<string, string>> = { Resources: 'null', Restore: 'false' };
export const addedFieldsRow = '`Resources` and `Restore` in a checkpoint that had none';

/** The plugin's checkpoint without the fields that it has added to what was there. */
export const withoutAdded = (plugin: StoredCheckpoint, before: string): StoredCheckpoint =>
  typeof plugin === 'string'
    ? plugin
    : plugin.filter(([name, value]) => addedFields[name] !== value || new RegExp(`"${name}"`).test(before));

/** Sandboxes that 2.x finds in a store of its own. */
export const ownStore = {
  row: 'sandboxes without a record, or with metadata that cannot be read',
  releases: ['2.x'] as ReadonlyArray<ReleaseName>,
  pods: ['pod foreign', 'pod removed', 'pod undecodable', 'pod unlabelled'],
};

/** The sandbox image, which 1.7 and later pin when they make it theirs. */
export const pinned = {
  row: 'the sandbox image, when it is not yet marked as CRI’s own',
  releases: ['1.7', '2.x'] as ReadonlyArray<ReleaseName>,
  /** Where the plugin does not pin an image that is marked as its own already. */
  neverAgain: ['1.7'] as ReadonlyArray<ReleaseName>,
  label: 'io.cri-containerd.pinned',
};

/** What containerd makes for containers yet to be started, and removes with a task. */
export const fifoRow = 'the FIFOs of a container that is yet to be started, or has ended';

/** What a deletion leaves that was cut short in containerd; shown where one is, after a kill. */
export const cutShortRow =
  'a task whose deletion was cut short: containerd holds it, its shim has no container for it, and it is answered that there is none';

/**
 * Where a second recovery may end otherwise than an undisturbed first one, and why. Each row is about the one item that the fault has struck,
 * or that the disturbed run has left half done, and names what of it may differ.
 */
import type { Call, PortName } from '../../src/ports/index.js';
import { type Fault, limits, type Mishap } from './fault.js';
import { itemOf } from './item.js';
import type { Loss } from './loss.js';
import type { Undisturbed } from './undisturbed.js';

/** A loss, and how it came about. */
export interface Case {
  readonly calm: Undisturbed;
  readonly fault: Fault;
  readonly loss: Loss;
  /** What the disturbed run has changed. */
  readonly done: ReadonlyArray<Call>;
}

export interface Allowance {
  readonly why: string;
  /** What of the item may differ: how it ends, what was known of it, or what was taken away. */
  readonly aspects: ReadonlyArray<string>;
  readonly covers: (about: Case) => boolean;
}

const status = ['told', 'checkpoint'];
const storedFacts = ['createdAt', 'startedAt', 'reason', 'message', 'unknown fields'];
const exitFacts = ['exit code', 'exit time'];
const fileAside = ['kept aside', 'keepAside'];
const taskGone = ['task', 'delete'];

/** Under every policy. */
const always: ReadonlyArray<Allowance> = [
  {
    why: 'no such task is an answer and no fault: what ran counts as exited from then on',
    aspects: status,
    covers: (about) => isStruck(about, 'tasks.get') && isAnswered(about, 'NotFound'),
  },
  {
    why: 'a lock that cannot be given back, or is taken without an answer, stays until its process ends',
    aspects: ['holder'],
    covers: (about) => isStruck(about, 'lock.release') || isStruck(about, 'lock.acquire'),
  },
  {
    why: 'what containerd or the kernel does when its caller has long given up is not held up by a lock',
    aspects: ['delete', 'write', 'keepAside', 'collectStale', 'adopt', 'quarantine', 'remove'],
    covers: ({ fault, loss }) => fault.mishap._tag === 'LateAllTheSame' && loss._tag === 'Unguarded',
  },
];

const carefully: ReadonlyArray<Allowance> = [
  {
    why: 'no such file is an answer and no fault: it is made anew then',
    aspects: [...status, ...storedFacts, ...exitFacts, ...fileAside, ...taskGone, 'file'],
    covers: (about) => isStruck(about, 'checkpoints.read') && isAnswered(about, 'NotFound'),
  },
  {
    why: 'that a file is no checkpoint is an answer and no fault: it is kept aside and made anew',
    aspects: [...status, ...fileAside, ...taskGone],
    covers: (about) => isStruck(about, 'checkpoints.read') && isAnswered(about, 'Corrupt'),
  },
  {
    why: 'no such file is an answer and no fault: there is none to keep aside then',
    aspects: [...fileAside, 'file'],
    covers: (about) => isStruck(about, 'checkpoints.keepAside') && isAnswered(about, 'NotFound'),
  },
  {
    why: 'no such base directory is an answer and no fault: there are fewer directories then that an orphan is one of',
    aspects: ['entry', 'quarantined', 'quarantine'],
    covers: (about) => isListed(about) && isAnswered(about, 'NotFound'),
  },
  {
    why: 'a start that could not be asked for is stored as a guess: with a guess in it the file can take up the exit',
    aspects: status,
    covers: (about) => isStruck(about, 'host.processStartedAt') && finds(about, '"startedAt":"now"'),
  },
];

const asContainerd: ReadonlyArray<Allowance> = [
  {
    why: 'H10: the reason gives way to "Unknown" when a task is said to be gone',
    aspects: ['reason'],
    covers: (about) => isStruck(about, 'tasks.get') && isAnswered(about, 'NotFound'),
  },
  {
    why: 'H3: a checkpoint that cannot be read just now is lost and overwritten',
    aspects: [...status, ...storedFacts, ...exitFacts],
    covers: (about) => isStruck(about, 'checkpoints.read') && isUnanswered(about.fault.mishap),
  },
  {
    why: 'H2, H10: an exit is stored after its task is deleted, and is lost in between',
    aspects: [...status, ...exitFacts, 'reason'],
    covers: (about) =>
      isStruck(about, 'tasks.delete')
        ? isDone(about, 'delete') || isHalfDone(about.fault.mishap)
        : isDone(about, 'delete') && !isDone(about, 'write'),
  },
];

/** The row that allows a loss, if there is one. */
export const allowanceFor = (about: Case): Allowance | undefined => {
  const { policy } = about.calm;
  const own = policy.exitStored === 'after-delete' ? asContainerd : carefully;
  return [...always, ...own].find(({ aspects, covers }) => aspects.includes(about.loss.aspect) && covers(about));
};

/** Every row, so that one that is no longer needed shows. */
export const allowances: ReadonlyArray<Allowance> = [...always, ...carefully, ...asContainerd];

/** Whether a call of this name about this item was struck. */
const isStruck = ({ calm, fault: { site }, loss }: Case, name: `${PortName}.${string}`): boolean => {
  if (site._tag === 'Every')
    return `${name}.`.startsWith(`${site.port}.${site.operation === undefined ? '' : `${site.operation}.`}`);
  return `${site.call.port}.${site.call.operation}` === name && itemOf(calm.node, site.call) === loss.item;
};

/** Whether the listing of a directory, or of those of the same kind beside it, was struck. */
const isListed = ({ fault: { site }, loss }: Case): boolean => {
  if (site._tag === 'Every') return site.port === 'directories' && (site.operation ?? 'list') === 'list';
  const { port, operation, subject } = site.call;
  const kind = subject.endsWith('/sandboxes') ? 'sandbox' : 'container';
  return `${port}.${operation}` === 'directories.list' && loss.item.split('/')[1] === kind;
};

const isAnswered = ({ fault: { mishap } }: Case, answer: string): boolean =>
  'error' in mishap && mishap.error === answer;

/** Whether it is answered by an error, too late, or not at all. */
const isUnanswered = (mishap: Mishap): boolean => mishap._tag !== 'Late' || mishap.ms > limits.itemTimeoutMs;

const isHalfDone = (mishap: Mishap): boolean =>
  mishap._tag === 'HalfDone' || (mishap._tag === 'Death' && mishap.when === 'within');

const finds = ({ loss }: Case, text: string): boolean => loss.detail.split(' instead of ')[0]?.includes(text) === true;

/** Whether the disturbed run has done something to this item. */
const isDone = ({ calm, done, loss }: Case, operation: string): boolean =>
  done.some((call) => call.operation === operation && itemOf(calm.node, call) === loss.item);

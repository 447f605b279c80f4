/** Making FIFOs in bulk: Node cannot make one, and one process of its own makes hundreds as fast as one. */
import { execFile } from 'node:child_process';
import * as E from 'fp-ts/lib/Either.js';
import type { PortError } from '../core/failure.js';
import type { TaskStdio } from '../core/task.js';
import { type Call, errnoOf, fromErrno, portError } from '../ports/index.js';
import {
  closeSet,
  type FifoSet,
  isComplete,
  prepareSet,
  removeOthers,
  removeSet,
  type SetRequest,
} from './fifo-set.js';
import { gathered } from './gathered.js';
import { callOf } from './io-call.js';

/** How many sets one process makes: far below what fits on a command line, and each holds two directories open meanwhile. */
const mostSets = 100;

/** Makes a FIFO set and then removes the earlier ones of the same container; what fails leaves nothing of its own behind and harms no other. */
export const fifoSetMaker = (state: string): ((request: SetRequest) => Promise<E.Either<PortError, TaskStdio>>) =>
  gathered(mostSets, async (requests) => {
    const prepared = await Promise.all(requests.map((request) => prepare(state, request)));
    const sets = prepared.flatMap((each) => (E.isRight(each) ? [each.right] : []));
    const complaints = await makeFifos(sets.flatMap(pathsOf));
    return Promise.all(prepared.map(async (each) => (E.isLeft(each) ? each : finish(each.right, complaints))));
  });

interface Prepared extends FifoSet {
  readonly call: Call;
}

const prepare = async (state: string, request: SetRequest): Promise<E.Either<PortError, Prepared>> => {
  const call = callOf('create', request.id);
  try {
    return E.right({ ...(await prepareSet(state, request)), call });
  } catch (thrown) {
    return E.left(refusal(call, thrown));
  }
};

const finish = async (set: Prepared, complaints: string): Promise<E.Either<PortError, TaskStdio>> => {
  try {
    if (await isComplete(set)) {
      await removeOthers(set);
      return E.right(set.stdio);
    }
    await removeSet(set.io, set.name);
    return E.left(incomplete(set, complaints));
  } catch (thrown) {
    return E.left(refusal(set.call, thrown));
  } finally {
    await closeSet(set);
  }
};

const pathsOf = ({ directory, fifoNames }: FifoSet): ReadonlyArray<string> =>
  fifoNames.map((name) => directory.at(name).toString());

/** What `mkfifo` had to say: nothing when all were made; it goes on after one that it cannot make. */
const makeFifos = (paths: ReadonlyArray<string>): Promise<string> =>
  new Promise((resolve) => {
    if (paths.length === 0) return resolve('');
    const env = { ...process.env, LC_ALL: 'C' };
    execFile('mkfifo', ['-m', '0700', '--', ...paths], { env }, (error, _, said) =>
      resolve(said === '' ? (error?.message ?? '') : said),
    );
  });

const incomplete = (set: Prepared, complaints: string): PortError => {
  const [own] = complaints.split('\n').filter((line) => line.includes(set.directory.at('').toString()));
  const why = inPlainPaths(own ?? complaints.split('\n')[0] ?? '');
  const isFull = /No space left|Disk quota|Read-only/.test(why);
  return portError(isFull ? 'NoSpace' : 'Unexpected', set.call, `its FIFOs were not made: ${why}`);
};

/** `NotFound` would say that the container is gone; a link or a file in a directory's place is `Corrupt`. */
const refusal = (call: Call, thrown: unknown): PortError => {
  const { _tag, message } = fromErrno(call, thrown);
  const tag = errnoOf(thrown) === 'ENOTDIR' || errnoOf(thrown) === 'ELOOP' ? 'Corrupt' : _tag;
  return portError(tag === 'NotFound' ? 'Unexpected' : tag, call, inPlainPaths(message), thrown);
};

const inPlainPaths = (text: string): string => text.replaceAll(/\/proc\/\d+\/fd\/\d+\//g, '');

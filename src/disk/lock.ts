/**
 * The node's lock: `<state>/cri-recovery.lock` names the process that has it. It lies in the state directory, because a recovery must begin even
 * where the disk of the root directory is full or read-only. No lock is ever seen half written, because each is written under another name first
 * and then linked or renamed into place.
 *
 * Taking over from a dead holder must have one winner. Who wants to first links a claim, a name made of what the dead lock says and a number: a
 * link has one winner, and the next number is free to others only when the claimant before has died too. The claimant looks again whether the
 * lock still says the same and replaces it then. It does: nobody else may, and a lock that has been replaced never says the same again, because
 * its process is dead. So a claim that comes late finds another lock, and is given up.
 */
import { createHash, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import debug from 'debug';
import * as E from 'fp-ts/lib/Either.js';
import fse from 'fs-extra';
import type { PortError } from '../core/failure.js';
import { type Call, errnoOf, type Lock, portError } from '../ports/index.js';
import { diskChange } from './disk-call.js';
import { unlinkIfThere } from './entry.js';
import { inTurn } from './in-turn.js';
import { decodeHolder, encodeHolder, type Holder, isAlive, thisProcess } from './lock-holder.js';
import { readRegularFile } from './regular-file.js';

const log = debug('cri-recovery:disk');

/** A lock has a few hundred bytes; more than this is none. */
const longestLock = 64 * 1024;

/** Others may come and go between two looks; so often in a row they do not. */
const mostAttempts = 100;

/** The lock of the node whose absolute state directory is given; that is made where it is missing, as after a reboot. */
export const diskLock = (state: string): Lock => {
  const path = join(state, 'cri-recovery.lock');
  const inTurnOf = inTurn();
  let held: string | undefined;
  const change = (operation: string, run: (call: Call, signal: AbortSignal) => Promise<E.Either<PortError, void>>) => {
    const call: Call = { port: 'lock', operation, subject: '' };
    return diskChange(call, (signal) =>
      inTurnOf(path, () => {
        signal.throwIfAborted();
        return run(call, signal);
      }),
    );
  };
  const release = async (): Promise<E.Either<PortError, void>> => {
    const own = held;
    held = undefined;
    try {
      if (own !== undefined && (await read(path))?.toString() === own) await unlinkIfThere(path);
    } catch (thrown) {
      givenUp.add(path);
      throw thrown;
    }
    return E.right(undefined);
  };
  return {
    acquire: () =>
      change('acquire', async (call, signal) => {
        await fse.ensureDir(state);
        const text = encodeHolder(thisProcess());
        const taken = await take(call, path, text);
        if (E.isLeft(taken)) return taken;
        held = text;
        givenUp.delete(path);
        await collectLitter(state, path);
        // Nobody has waited for it: nobody would give it back.
        return signal.aborted ? release() : taken;
      }),
    release: () => change('release', release),
  };
};

/** Locks of this process that nobody here has any more, though they could not be deleted, as on a disk that has become read-only. */
const givenUp = new Set<string>();

const take = async (call: Call, path: string, text: string): Promise<E.Either<PortError, void>> => {
  for (let attempts = 0; attempts < mostAttempts; attempts += 1) {
    const current = await read(path);
    if (current?.toString() === text && givenUp.delete(path)) return E.right(undefined);
    const living = await livingHolder(current);
    if (living !== undefined) return E.left(portError('Denied', call, `${path} is held by ${described(living)}`));
    const outcome = await withDraft(path, text, (draft) =>
      current === undefined ? link(draft, path) : takeOver(path, current, draft),
    );
    if (outcome === 'won') return E.right(undefined);
    if (outcome !== 'lost')
      return E.left(portError('Denied', call, `${path} is being taken over by ${described(outcome)}`));
  }
  return E.left(portError('Unexpected', call, `${path} is taken and given back faster than it can be read`));
};

/** `lost`: somebody else was faster, which is all that is certain then. */
type Outcome = 'won' | 'lost';

/** Puts the draft in place of the lock of a dead process; gives the living process that is about to do the same. */
const takeOver = async (path: string, stale: Buffer, draft: string): Promise<Outcome | Holder> => {
  const key = createHash('sha256').update(stale).digest('hex').slice(0, 16);
  for (let number = 1; ; number += 1) {
    const claim = `${path}.${key}.${number}`;
    if ((await link(draft, claim)) === 'won') return replace(path, stale, draft, claim);
    const claimant = await read(claim);
    if (claimant === undefined) return 'lost';
    const living = await livingHolder(claimant);
    if (living !== undefined) return living;
  }
};

const replace = async (path: string, stale: Buffer, draft: string, claim: string): Promise<Outcome> => {
  try {
    if ((await read(path))?.equals(stale) !== true) return 'lost';
    await fse.rename(draft, path);
    return 'won';
  } finally {
    await unlinkIfThere(claim);
  }
};

const withDraft = async <A>(path: string, text: string, use: (draft: string) => Promise<A>): Promise<A> => {
  const draft = `${path}.${randomUUID()}`;
  try {
    await fse.writeFile(draft, text, { mode: 0o600, flag: 'wx' });
    return await use(draft);
  } finally {
    await unlinkIfThere(draft);
  }
};

/** A draft that is gone was taken for litter by somebody who has just won. */
const link = async (draft: string, target: string): Promise<Outcome> => {
  try {
    await fse.link(draft, target);
    return 'won';
  } catch (thrown) {
    if (errnoOf(thrown) === 'EEXIST' || errnoOf(thrown) === 'ENOENT') return 'lost';
    throw thrown;
  }
};

/** Drafts and claims of processes that were killed. Those of the living may be deleted too: while the lock is held here they are good for nothing. */
const collectLitter = async (state: string, path: string): Promise<void> => {
  try {
    const names = (await fse.readdir(state)).filter((name) => join(state, name).startsWith(`${path}.`));
    for (const name of names) await unlinkIfThere(join(state, name));
  } catch (thrown) {
    log('litter in %s: %s', state, thrown);
  }
};

const read = async (path: string): Promise<Buffer | undefined> => {
  try {
    const file = await readRegularFile(path, longestLock);
    if (E.isLeft(file)) throw new Error(`${path} is ${file.left}`);
    return file.right;
  } catch (thrown) {
    if (errnoOf(thrown) === 'ENOENT') return undefined;
    throw thrown;
  }
};

/** Only who can be told to be alive counts: what cannot be read names nobody. */
const livingHolder = async (bytes: Buffer | undefined): Promise<Holder | undefined> => {
  const holder = bytes === undefined ? undefined : decodeHolder(bytes);
  return holder !== undefined && (await isAlive(holder)) ? holder : undefined;
};

/** On one line, whatever the command line has in it. */
const described = ({ pid, command }: Holder): string => `process ${pid} (${command.replace(/\p{Control}/gu, ' ')})`;

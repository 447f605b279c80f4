/** What holds for every look at a container, whatever was known before and whatever comes of its steps. */
import fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../src/core/action.js';
import type { ContainerDecision } from '../../src/core/container-decision.js';
import { containerState } from '../../src/core/container-status.js';
import { careful, containerd, type Policy } from '../../src/core/policy.js';
import { settleContainer } from '../../src/core/settle-container.js';
import { arbitraryPolicy } from './arbitraries.js';
import {
  codesOf,
  knownNames,
  later,
  look,
  recovered,
  type SightName,
  sightNames,
  silent,
  stepsOf,
  workOff,
} from './tables/known.js';
import { outcomes } from './tables/path.js';

describe('whatever was known and whatever is seen', () => {
  const arbitraryLook = fc.record({
    policy: fc.oneof(fc.constantFrom(careful, containerd), arbitraryPolicy),
    known: fc.constantFrom(...knownNames),
    sights: fc.array(fc.constantFrom(...sightNames), { minLength: 1, maxLength: 4 }),
    outOfMemory: fc.boolean(),
    /** What comes of the steps, one after the other, over and over. */
    fates: fc.array(fc.constantFrom<Outcome>(...Object.values(outcomes)), { minLength: 1, maxLength: 5 }),
  });

  interface Seen {
    readonly policy: Policy;
    readonly before: ContainerDecision;
    readonly sight: SightName;
    /** Every decision on the way from the look to its end. */
    readonly way: ReadonlyArray<ContainerDecision>;
  }

  /** Calls back for each of several looks in a row; what the policy drops ends them. */
  const everywhere = (ask: (given: Seen) => void, filter: (policy: Policy) => boolean = () => true): void => {
    fc.assert(
      fc.property(arbitraryLook, ({ policy, known, sights: looks, outOfMemory, fates }) => {
        if (!filter(policy) || (known.startsWith('dirty') && policy.failedCheckpointWrite === 'skip')) return;
        let before: ContainerDecision = recovered(policy, known);
        let turn = 0;
        for (const sight of looks) {
          const way = [look(policy, before, sight, outOfMemory)];
          for (let last = way[0]; last !== undefined && last.steps.length > 0; last = way.at(-1)) {
            const fate = fates[turn % fates.length] ?? outcomes.Done;
            turn += 1;
            const settled = settleContainer(policy, later)(last, fate);
            if (E.isLeft(settled)) return ask({ policy, before, sight, way });
            way.push(settled.right);
            expect(way.length).toBeLessThan(12);
          }
          ask({ policy, before, sight, way });
          before = way.at(-1) ?? before;
        }
      }),
      { numRuns: 600 },
    );
  };

  it('an UNKNOWN flag is never stored', () => {
    everywhere(({ way }) => {
      for (const { steps } of way)
        for (const step of steps)
          if (step._tag === 'WriteCheckpoint') expect(step.checkpoint.status.unknown).toBe(false);
    });
  });

  it('a told exit never leaves a container running', () => {
    everywhere(
      ({ sight, way }) => {
        if (!sight.startsWith('told')) return;
        for (const { status } of way) expect(containerState(status)).not.toBe('RUNNING');
      },
      ({ exitStored }) => exitStored === 'before-delete',
    );
  });

  it('no task is deleted that was seen running or paused, did not answer, or may be about to be made', () => {
    const isSpared = (sight: SightName): boolean =>
      ['running', 'paused', 'pausing', 'half deleted', ...silent].includes(sight);
    everywhere(({ sight, way }) => {
      if (isSpared(sight)) for (const decision of way) expect(stepsOf(decision)).not.toContain('DeleteTask');
    });
  });

  it('where exits are stored first, a stopped task is deleted only once the file says what it is known by', () => {
    everywhere(
      ({ before, way }) => {
        for (const { steps, performed, checkpoint, status } of way) {
          const [step] = steps;
          if (step?._tag !== 'DeleteTask' || step.state !== 'stopped') continue;
          const isStored = performed.some(
            ({ step: { _tag }, outcome }) => _tag === 'WriteCheckpoint' && outcome._tag === 'Done',
          );
          expect(isStored || checkpoint === 'unchanged').toBe(true);
          if (!isStored && before.checkpoint === 'written')
            expect({ ...status, unknown: false }).toEqual({ ...before.status, unknown: false });
        }
      },
      ({ exitStored }) => exitStored === 'before-delete',
    );
  });

  it('an exit with a code and a time of its own is not worse known afterwards, and never forgotten', () => {
    const isKnown = ({ status, evidence }: ContainerDecision): boolean =>
      status.finishedAt !== 0n && evidence.finishedAt !== 'estimated' && evidence.exitCode !== 'estimated';
    everywhere(
      ({ before, sight, way }) => {
        if (!isKnown(before)) return;
        const { finishedAt, exitCode } = before.status;
        const isTold = sight.startsWith('told') || sight.startsWith('stopped');
        for (const decision of way) {
          expect(isKnown(decision)).toBe(true);
          if (!isTold) expect(decision.status).toMatchObject({ finishedAt, exitCode });
        }
      },
      ({ unseenExit, exitStored }) => unseenExit === 'estimated' && exitStored === 'before-delete',
    );
  });

  it('a task that is silent changes nothing but what is found', () => {
    everywhere(({ before, sight, way: [decision] }) => {
      if (!silent.some((one) => one === sight) || decision === undefined) return;
      expect({ ...decision.status, reason: '' }).toEqual({ ...before.status, reason: '' });
      expect(decision.monitored).toBe(before.monitored);
      expect(decision.mayBeAlive).toBe(before.mayBeAlive);
      expect(stepsOf(decision)).toMatch(/^(KeepAside )?(WriteCheckpoint)?$/);
    });
  });

  it('the same seen twice changes nothing the second time', () => {
    for (const policy of [careful, containerd])
      for (const known of knownNames)
        for (const sight of sightNames)
          for (const outOfMemory of [false, true]) {
            if (policy === containerd && known.startsWith('dirty')) continue;
            // See below: what is rebuilt, or guessed as containerd does, loses it.
            if (outOfMemory && (known.startsWith('LOST') || policy === containerd)) continue;
            const title = `${known} ${sight} ${outOfMemory}`;
            const once = workOff(policy, look(policy, recovered(policy, known), sight, outOfMemory));
            const decided = look(policy, once, sight, outOfMemory);
            const twice = workOff(policy, decided);
            const isLostUnderContainerd = policy === containerd && known.startsWith('LOST');
            if (!isLostUnderContainerd) expect(twice.status, title).toEqual(once.status);
            expect(stepsOf(decided), title).not.toContain('WriteCheckpoint');
            expect(twice.mayBeAlive, title).toBe(once.mayBeAlive);
          }
  });

  it('what is found of the record stands', () => {
    const before = recovered(careful, 'RUNNING');
    const codes = ['name-shadowed', 'metadata-id-differs', 'sandbox-missing'] as const;
    const odd = { ...before, findings: codes.map((code) => ({ code, message: '' })) };
    for (const sight of sightNames)
      expect(codesOf(look(careful, odd, sight)).split(' ')).toEqual(expect.arrayContaining([...codes]));
  });
});

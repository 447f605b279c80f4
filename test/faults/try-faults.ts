/** Every fault a run can meet, one after the other. */
import { type Allowance, allowanceFor } from './allowed.js';
import { outcomeOf } from './experiment.js';
import { describeFault, type Fault } from './fault.js';
import { describeLoss, type Loss } from './loss.js';
import type { Undisturbed } from './undisturbed.js';

/** What was tried so far. */
export interface Tally {
  faults: number;
  lost: number;
  /** The allowances that were needed. */
  readonly used: Set<Allowance>;
}

export const newTally = (): Tally => ({ faults: 0, lost: 0, used: new Set() });

/** Tries faults until one costs what it must not, and throws then with the fault and the cost. */
export const tryFaults = async (calm: Undisturbed, faults: ReadonlyArray<Fault>, tally: Tally): Promise<void> => {
  for (const fault of faults) {
    tally.faults += 1;
    const { losses, done } = await outcomeOf(calm, fault);
    const bad: Loss[] = [];
    for (const loss of losses) {
      const allowance = allowanceFor({ calm, fault, loss, done });
      if (allowance === undefined) bad.push(loss);
      else tally.used.add(allowance);
    }
    if (bad.length === 0) continue;
    tally.lost += 1;
    throw new Error([`lost by ${describeFault(fault)}:`, ...bad.map(describeLoss)].join('\n  '));
  }
};

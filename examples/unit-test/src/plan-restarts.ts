/** The code under test: which containers a supervisor of its own would start again after a reboot, and which it asks a person about. */
import { createPlanner, type Policy, policies } from 'cri-recovery';
import { containerState } from 'cri-recovery/core';
import type { ReadPorts } from 'cri-recovery/ports';

/** Careful, but for one row: what is paused does not pass for running here. */
export const policy: Policy = { ...policies.careful, pausedContainer: 'unknown' };

export interface Restarts {
  readonly restart: ReadonlyArray<string>;
  readonly ask: ReadonlyArray<string>;
}

/** Ids by what is to be done; a container that is in neither list is left alone. */
export const planRestarts = async (ports: ReadPorts): Promise<Restarts> => {
  const { containers } = await createPlanner(ports, { policy }).plan();
  const restart: string[] = [];
  const ask: string[] = [];
  for (const { record, status } of containers) {
    const state = containerState(status);
    if (state === 'EXITED' && status.exitCode !== 0) restart.push(record.id);
    if (state === 'UNKNOWN') ask.push(record.id);
  }
  return { restart, ask };
};

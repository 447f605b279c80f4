/** What becomes of a sandbox, written down from the table and the policies: the row of containerd, and that of `careful` where it departs. */
import type { PodName } from './disturbed-scene.js';
import type { PolicyName } from './plan-of.js';

export interface ExpectedSandbox {
  readonly state: 'READY' | 'NOTREADY' | 'UNKNOWN';
  readonly monitored: boolean;
  readonly actions: ReadonlyArray<string>;
  readonly findings: ReadonlyArray<string>;
}

const ready: ExpectedSandbox = { state: 'READY', monitored: true, actions: [], findings: [] };
const gone: ExpectedSandbox = { state: 'NOTREADY', monitored: false, actions: [], findings: [] };
const killed: ExpectedSandbox = { ...gone, actions: ['delete-task'] };
const silent = { findings: ['task-not-answering'] };
const alike = (expected: ExpectedSandbox): Readonly<Record<PolicyName, ExpectedSandbox>> => ({
  careful: expected,
  containerd: expected,
});

/** Where a bridged pod is not ready, its network namespace is found to be left. */
export const expectedSandboxes = {
  'running-bridged': alike(ready),
  'running-hosted': alike(ready),
  deleted: alike(gone),
  created: alike(killed),
  stopped: alike({ ...killed, findings: ['netns-left'] }),
  paused: {
    careful: { ...ready, findings: ['task-paused'] },
    containerd: { ...killed, findings: ['task-paused', 'netns-left'] },
  },
  hung: {
    careful: { ...ready, state: 'UNKNOWN', ...silent },
    containerd: { ...killed, ...silent },
  },
  dead: alike(gone),
  unconnected: alike({ ...ready, findings: ['netns-missing'] }),
} satisfies Partial<Record<PodName, Readonly<Record<PolicyName, ExpectedSandbox>>>>;

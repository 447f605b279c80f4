/**
 * What is odd only beside other items: a name held twice, a container without its pod. Adds findings, changes no state.
 */
import type { ContainerDecision } from './container-decision.js';
import { containerState } from './container-status.js';
import type { Shadows } from './decide-names.js';
import type { SandboxDecision } from './decide-sandbox.js';
import { type Finding, finding } from './finding.js';
import type { RecordFields } from './metadata.js';

/** Findings about a sandbox's identity. */
export const crossCheckSandbox =
  (shadows: Shadows) =>
  (decision: SandboxDecision): SandboxDecision => ({
    ...decision,
    findings: [...decision.findings, ...identityFindings(shadows, decision.record)],
  });

/** Findings about a container's identity and its pod. */
export const crossCheckContainer = (shadows: Shadows, pods: ReadonlyArray<SandboxDecision>) => {
  const podById = new Map<string, SandboxDecision>(pods.map((pod) => [pod.record.id, pod]));
  return (decision: ContainerDecision): ContainerDecision => ({
    ...decision,
    findings: [
      ...decision.findings,
      ...identityFindings(shadows, decision.record),
      ...podFindings(decision, podById.get(decision.record.metadata.sandboxId)),
    ],
  });
};

const identityFindings = (
  shadows: Shadows,
  record: RecordFields & { readonly metadata: { readonly id: string } },
): ReadonlyArray<Finding> => {
  const keeper = shadows.get(record.id);
  const { id } = record.metadata;
  const shadowed = () =>
    finding('name-shadowed', `its name is held by ${keeper}; this one can still be listed and removed`);
  const differs = () => finding('metadata-id-differs', `its metadata names another id: ${JSON.stringify(id)}`);
  return [...(keeper === undefined ? [] : [shadowed()]), ...(id === record.id ? [] : [differs()])];
};

const podFindings = (
  { record, status }: ContainerDecision,
  pod: SandboxDecision | undefined,
): ReadonlyArray<Finding> => {
  if (pod === undefined) {
    return [
      finding(
        'sandbox-missing',
        `its sandbox ${JSON.stringify(record.metadata.sandboxId)} is not there, or could not be read`,
      ),
    ];
  }
  const isStranded = containerState(status) === 'RUNNING' && pod.status.state === 'NOTREADY';
  return isStranded ? [finding('sandbox-not-ready', 'it runs in a sandbox that is not ready')] : [];
};

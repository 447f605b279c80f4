/** What the shim answers: lists and single items of the recovered stores, as plain values. */
import type { Store, Stores } from 'cri-recovery';
import { type ContainerDecision, reportContainer, reportSandbox, type SandboxDecision } from 'cri-recovery/core';

export interface Answer {
  readonly status: 200 | 404 | 409;
  readonly body: unknown;
}

/** Answers `/containers`, `/sandboxes`, and below them an id, the beginning of one, or a name. */
export const answerTo = ({ containers, sandboxes }: Stores, path: string): Answer => {
  const [, kind, key] = /^\/(containers|sandboxes)(?:\/([^/]+))?$/.exec(path) ?? [];
  switch (kind) {
    case 'containers':
      return key === undefined
        ? found(containers.all.map(briefContainer))
        : one(containers, decoded(key), reportContainer);
    case 'sandboxes':
      return key === undefined ? found(sandboxes.all.map(briefSandbox)) : one(sandboxes, decoded(key), reportSandbox);
    default:
      return failed(404, 'there are /containers and /sandboxes');
  }
};

const briefContainer = (decision: ContainerDecision): object => {
  const { id, name, sandboxId, state } = reportContainer(decision);
  return { id, name, sandboxId, state };
};

const briefSandbox = ({ record: { id, name }, status: { state } }: SandboxDecision): object => ({ id, name, state });

/** What is no percent-encoding stands for itself. */
const decoded = (segment: string): string => {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
};

const one = <A>(store: Store<A>, key: string, report: (item: A) => unknown): Answer => {
  const named = store.named(key);
  if (named._tag === 'Some') return found(report(named.value));
  const item = store.find(key);
  if (item._tag === 'Right') return found(report(item.right));
  return item.left === 0 ? failed(404, 'there is none') : failed(409, `${item.left} ids begin so`);
};

const found = (body: unknown): Answer => ({ status: 200, body });
const failed = (status: 404 | 409, error: string): Answer => ({ status, body: { error } });

/** Making fake pod sandboxes. */
import type { TaskState } from '../core/task.js';
import type { FakeSandbox } from './fake-node.js';
import { emptyJson, fakeRecord, type RecordOptions } from './fake-record.js';
import { taskOf } from './fake-task.js';

/** What is told of a fake sandbox; the rest is filled in. */
export interface SandboxOptions extends RecordOptions {
  /** The state of its task; `running` unless given. */
  readonly task?: TaskState | 'absent' | 'half-deleted';
  /** The path of its network namespace; one of its own unless given. */
  readonly netns?: string | 'host';
}

/** A ready sandbox with a network namespace of its own. */
export const fakeSandbox = (given: SandboxOptions): FakeSandbox => {
  const { id, attempt = 0, name = `${id}_default_${id}-uid_${attempt}` } = given;
  const hostNetwork = given.netns === 'host';
  return {
    record: {
      ...fakeRecord('sandbox', { ...given, name }),
      metadata: {
        id,
        name,
        netnsPath: hostNetwork ? '' : (given.netns ?? `/var/run/netns/cni-${id}`),
        hostNetwork,
        ip: hostNetwork ? '' : '10.88.0.2',
        runtimeHandler: '',
      },
    },
    ...taskOf(id, given.task),
    config: given.config ?? emptyJson,
  };
};

/** An observation of one sandbox and one container, plain but for what a test puts in. */
import * as E from 'fp-ts/lib/Either.js';
import * as O from 'fp-ts/lib/Option.js';
import { jsonObject } from '../../src/codec/json.js';
import { type Id, parseId } from '../../src/core/identity.js';
import type { JsonObject } from '../../src/core/json.js';
import type { RecordFields } from '../../src/core/metadata.js';
import type { Observation, Reading } from '../../src/core/observation.js';
import type { Task } from '../../src/core/task.js';

const idOf = (text: string): Id => {
  const id = parseId(text);
  if (E.isLeft(id)) throw new Error(id.left);
  return id.right;
};

const noLabels: Readonly<Record<string, string>> = Object.create(null);

const record = (id: string, labels: Readonly<Record<string, string>>): RecordFields => ({
  id: idOf(id),
  name: `${id}-name`,
  createdAt: 1_700_000_000_000_000_001n,
  attempt: 1,
  labels,
  snapshotter: 'overlayfs',
  snapshotKey: id,
  runtime: 'io.containerd.runc.v2',
});

/** What a test may want to be different. */
interface Parts {
  readonly checkpointRest?: JsonObject;
  readonly labels?: Readonly<Record<string, string>>;
  readonly task?: Reading<Task>;
}

export const observationWith = (parts: Parts): Observation => {
  const { checkpointRest = jsonObject([]), labels = noLabels } = parts;
  const stdio = { stdin: '', stdout: '/run/c1-stdout', stderr: '', terminal: false };
  const { task = E.right({ id: 'c1', pid: 42, state: 'running', exitStatus: 0, exitedAt: O.none, stdio }) } = parts;
  return {
    node: { containerd: '1.7.24', namespace: 'k8s.io', root: '/root', state: '/state' },
    takenAt: 1_700_000_000_000_000_009n,
    sandboxes: [
      E.right({
        record: {
          ...record('s1', labels),
          metadata: {
            id: 's1',
            name: '',
            netnsPath: '/n',
            hostNetwork: false,
            ip: '',
            runtimeHandler: '',
          },
        },
        task,
        netns: O.some(E.right(true)),
      }),
    ],
    containers: [
      E.right({
        record: {
          ...record('c1', labels),
          metadata: {
            id: 'c1',
            name: '',
            sandboxId: 's1',
            imageRef: '',
            logPath: '',
            stopSignal: '',
            tty: false,
            stdin: false,
          },
        },
        task,
        checkpoint: E.right({
          status: {
            pid: 42,
            createdAt: 1n,
            startedAt: 2n,
            finishedAt: 0n,
            exitCode: 0,
            reason: '',
            message: '',
            unknown: false,
          },
          rest: checkpointRest,
        }),
        processStartedAt: O.none,
      }),
    ],
    images: [
      {
        record: { name: 'i', target: 'sha256:1', labels: noLabels },
        content: E.right({ id: 'sha256:2', chainId: '', size: 7, missing: [], unpacked: true }),
      },
    ],
    bases: [
      {
        kind: 'container',
        area: 'root',
        path: '/root/containers',
        entries: E.right([{ name: 'c1', type: 'directory', mounts: [] }]),
      },
    ],
  };
};

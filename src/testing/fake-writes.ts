/** The acting ports over a fake node, but for the exits. */
import * as E from 'fp-ts/lib/Either.js';
import type { Reading } from '../core/observation.js';
import type { TaskStdio } from '../core/task.js';
import type { Call, PortCall, StayPorts, WritePorts } from '../ports/index.js';
import {
  acquireLock,
  adoptImage,
  attachIo,
  collectStale,
  deleteTask,
  detachIo,
  forgetTask,
  keepAside,
  quarantineEntry,
  releaseLock,
  removeEntry,
  reopenLog,
  writeCheckpoint,
} from './changes.js';
import { fakeCall } from './fake-call.js';
import type { FakeNode } from './fake-node.js';
import { pathOf } from './readings.js';

/** Changes the node that `current` gives when a call is run, and hands it to `put`. */
export const fakeWrites = (
  current: () => FakeNode,
  put: (node: FakeNode) => void,
): WritePorts & Pick<StayPorts, 'containerIo'> => {
  const write = (call: Call, change: (node: FakeNode) => Reading<FakeNode>): PortCall<void> =>
    fakeCall(call, () => {
      const changed = change(current());
      if (E.isLeft(changed)) return changed;
      put(changed.right);
      return E.right(undefined);
    });
  let setsMade = 0;
  const inBase = (operation: string, path: string): Call => ({ port: 'directories', operation, subject: path });
  return {
    tasks: {
      delete: (id, mayKill) =>
        fakeCall({ port: 'tasks', operation: 'delete', subject: id }, () => {
          const deleted = deleteTask(current(), id, mayKill);
          // As in containerd, which says of a half-deleted task that there is none, and forgets it.
          put(E.isRight(deleted) ? deleted.right : forgetTask(current(), id));
          return E.map(() => undefined)(deleted);
        }),
    },
    checkpoints: {
      write: (id, checkpoint) =>
        write({ port: 'checkpoints', operation: 'write', subject: id }, (node) =>
          writeCheckpoint(node, id, checkpoint),
        ),
      keepAside: (id) =>
        write({ port: 'checkpoints', operation: 'keepAside', subject: id }, (node) => keepAside(node, id)),
      collectStale: () => write({ port: 'checkpoints', operation: 'collectStale', subject: '' }, collectStale),
    },
    directories: {
      remove: (base, name) =>
        write(inBase('remove', `${pathOf(current(), base)}/${name}`), (node) => removeEntry(node, base, name)),
      quarantine: (base, name, why) =>
        write(inBase('quarantine', `${pathOf(current(), base)}/${name}`), (node) =>
          quarantineEntry(node, base, name, why),
        ),
    },
    images: {
      adopt: (image, id) =>
        write({ port: 'images', operation: 'adopt', subject: image.name }, (node) => adoptImage(node, image, id)),
    },
    lock: {
      acquire: () => write({ port: 'lock', operation: 'acquire', subject: '' }, acquireLock),
      release: () => write({ port: 'lock', operation: 'release', subject: '' }, releaseLock),
    },
    containerIo: {
      attach: (id, _stdio, logPath) =>
        write({ port: 'container-io', operation: 'attach', subject: id }, (node) => attachIo(node, id, logPath)),
      reopenLog: (id) =>
        write({ port: 'container-io', operation: 'reopenLog', subject: id }, (node) => reopenLog(node, id)),
      detach: (id) => write({ port: 'container-io', operation: 'detach', subject: id }, (node) => detachIo(node, id)),
      create: (id, streams) =>
        fakeCall({ port: 'container-io', operation: 'create', subject: id }, () => {
          const node = current();
          const stdio = stdioOf(`${node.location.state}/containers/${id}/io/${setsMade}/${id}`, streams);
          setsMade += 1;
          put({ ...node, fifos: [...node.fifos.filter((other) => other.id !== id), { id, stdio }] });
          return E.right(stdio);
        }),
    },
  };
};

const stdioOf = (path: string, streams: { readonly tty: boolean; readonly stdin: boolean }): TaskStdio => ({
  stdin: streams.stdin ? `${path}-stdin` : '',
  stdout: `${path}-stdout`,
  stderr: `${path}-stderr`,
  terminal: streams.tty,
});

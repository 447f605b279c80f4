/** The reading ports over a fake node. */
import * as E from 'fp-ts/lib/Either.js';
import { type ReadPorts, silentLog } from '../ports/index.js';
import { fakeCall } from './fake-call.js';
import type { FakeNode } from './fake-node.js';
import {
  listRecords,
  listTasks,
  pathOf,
  readCheckpoint,
  readConfig,
  readContent,
  readEntries,
  readProcessStart,
  readTask,
  readVersion,
  taskBundles,
} from './readings.js';

/** Answers from the node that `current` gives when a call is run. */
export const fakeReads = (current: () => FakeNode): ReadPorts => ({
  location: current().location,
  daemon: {
    version: () => fakeCall({ port: 'daemon', operation: 'version', subject: '' }, () => readVersion(current())),
    hasActiveCri: () =>
      fakeCall({ port: 'daemon', operation: 'hasActiveCri', subject: '' }, () => E.right(current().hasActiveCri)),
  },
  containers: {
    listSandboxes: () =>
      fakeCall({ port: 'containers', operation: 'listSandboxes', subject: '' }, () =>
        E.right(listRecords(current(), 'sandbox', current().sandboxes)),
      ),
    listContainers: () =>
      fakeCall({ port: 'containers', operation: 'listContainers', subject: '' }, () =>
        E.right(listRecords(current(), 'container', current().containers)),
      ),
    config: (id) => fakeCall({ port: 'containers', operation: 'config', subject: id }, () => readConfig(current(), id)),
  },
  tasks: {
    list: () => fakeCall({ port: 'tasks', operation: 'list', subject: '' }, () => E.right(listTasks(current()))),
    get: (id) => fakeCall({ port: 'tasks', operation: 'get', subject: id }, () => readTask(current(), id)),
  },
  checkpoints: {
    read: (id) =>
      fakeCall({ port: 'checkpoints', operation: 'read', subject: id }, () => readCheckpoint(current(), id)),
  },
  directories: {
    path: (base) => pathOf(current(), base),
    list: (base) =>
      fakeCall({ port: 'directories', operation: 'list', subject: pathOf(current(), base) }, () =>
        readEntries(current(), base),
      ),
    taskBundles: (namespace) =>
      fakeCall({ port: 'directories', operation: 'taskBundles', subject: namespace }, () =>
        E.right(taskBundles(current())),
      ),
  },
  images: {
    list: () =>
      fakeCall({ port: 'images', operation: 'list', subject: '' }, () =>
        E.right(current().images.map(({ record }) => record)),
      ),
    content: (image) =>
      fakeCall({ port: 'images', operation: 'content', subject: image.name }, () => readContent(current(), image)),
  },
  host: {
    processStartedAt: (pid) =>
      fakeCall({ port: 'host', operation: 'processStartedAt', subject: String(pid) }, () =>
        readProcessStart(current(), pid),
      ),
    hasNetworkNamespace: (path) =>
      fakeCall({ port: 'host', operation: 'hasNetworkNamespace', subject: path }, () =>
        E.right(current().networkNamespaces.includes(path)),
      ),
  },
  clock: { now: () => current().now },
  log: silentLog,
});

/** Real containerd nodes for tests. */
export { remainsOf } from './clean-up.js';
export { imageName } from './config.js';
export { canLimitMemory } from './control-groups.js';
export * from './cri.js';
export type { ContainerSpec, PodSpec } from './cri-config.js';
export * from './disturb.js';
export type { Engine } from './engine.js';
export { atGo, hungry, letGo } from './go.js';
export { type Mode, TestNode } from './node.js';
export { isAlive, type Shim, shimsOf } from './processes.js';
export { type ContainerRecord, containerMetadata, sandboxMetadata } from './records.js';
export { describeReleases, type Release, type ReleaseName, releases } from './releases.js';
export { differences, type FileEntry, type FileSnapshot, snapshotFiles } from './snapshot-files.js';
export type { Exit, Task, TaskStatus, TaskStreams } from './tasks.js';
export { waitUntil } from './wait-until.js';

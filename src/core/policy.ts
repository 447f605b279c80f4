/**
 * What to do where containerd is known to hurt people: named choices, two presets, any mix. H-numbers are hazards listed in docs/policies.md.
 */

/** Fourteen choices, each with containerd’s way and a careful one. */
export interface Policy {
  /** A name held by two ids: abort as containerd does, or keep one and show the others as shadowed (H1, H17). */
  readonly duplicateName: 'abort' | 'shadow';
  /** Write every checkpoint, or only one that changed (H2). */
  readonly checkpointWrite: 'always' | 'when-changed';
  /** A checkpoint that cannot be written: drop the item, or keep it and mark it dirty (H2). */
  readonly failedCheckpointWrite: 'skip' | 'keep';
  /** A checkpoint that cannot be read: lose and overwrite it, or rebuild the status from record and task (H3, H4). */
  readonly unreadableCheckpoint: 'lose' | 'rebuild';
  /** A paused container: UNKNOWN, or RUNNING (H7). */
  readonly pausedContainer: 'unknown' | 'running';
  /** A sandbox that is paused or does not answer: killed, or left alone and followed (H6). */
  readonly unansweringSandbox: 'kill' | 'keep';
  /** A created task whose checkpoint says otherwise: killed, or left alone (H8). */
  readonly unexpectedCreatedTask: 'kill' | 'keep';
  /** An UNKNOWN container whose task may be alive: forgotten, or followed (H13). */
  readonly unknownContainer: 'ignore' | 'monitor';
  /** A wait that fails in transport: taken for the end, or asked again (H9). */
  readonly failedWait: 'exit' | 'retry';
  /** An exit nobody saw: as containerd records it, or marked estimated, pid cleared, an earlier reason kept (H10). */
  readonly unseenExit: 'now' | 'estimated';
  /** The exit of a stopped task is stored after its task is deleted, or before, so that dying between loses nothing. */
  readonly exitStored: 'after-delete' | 'before-delete';
  /** Output that cannot be attached: UNKNOWN, or the state stands (H14). */
  readonly unattachableIo: 'unknown' | 'degraded';
  /** Directories without a record: removed, or moved aside unless that looks wrong (H11). */
  readonly orphanedDirectory: 'remove' | 'quarantine';
  /** An image counts when its manifest is readable, or its blobs and snapshot are checked too (H19). */
  readonly imageCheck: 'manifest' | 'content';
}

/** Row by row what containerd's CRI plugin does. */
export const containerd: Policy = {
  duplicateName: 'abort',
  checkpointWrite: 'always',
  failedCheckpointWrite: 'skip',
  unreadableCheckpoint: 'lose',
  pausedContainer: 'unknown',
  unansweringSandbox: 'kill',
  unexpectedCreatedTask: 'kill',
  unknownContainer: 'ignore',
  failedWait: 'exit',
  unseenExit: 'now',
  exitStored: 'after-delete',
  unattachableIo: 'unknown',
  orphanedDirectory: 'remove',
  imageCheck: 'manifest',
};

/** The default: departs from containerd only where these rows differ. */
export const careful: Policy = {
  duplicateName: 'shadow',
  checkpointWrite: 'when-changed',
  failedCheckpointWrite: 'keep',
  unreadableCheckpoint: 'rebuild',
  pausedContainer: 'running',
  unansweringSandbox: 'keep',
  unexpectedCreatedTask: 'keep',
  unknownContainer: 'monitor',
  failedWait: 'retry',
  unseenExit: 'estimated',
  exitStored: 'before-delete',
  unattachableIo: 'degraded',
  orphanedDirectory: 'quarantine',
  imageCheck: 'content',
};

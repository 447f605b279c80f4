/** The file system below the CRI plugin's root and state directories. */
import type { Base, DirectoryEntry } from '../core/observation.js';
import type { PortCall } from './port-call.js';

/** The four base directories, in the order containerd sweeps them. */
export const bases: ReadonlyArray<Base> = [
  { kind: 'sandbox', area: 'root' },
  { kind: 'sandbox', area: 'state' },
  { kind: 'container', area: 'root' },
  { kind: 'container', area: 'state' },
];

/** What a base directory is called below root and state alike. */
export const baseNames: Readonly<Record<Base['kind'], string>> = { sandbox: 'sandboxes', container: 'containers' };

/** Reads which directories there are. */
export interface DirectoryReader {
  /** Where a base directory is. */
  readonly path: (base: Base) => string;
  /** The entries of a base directory by their own type, links not followed; `NotFound` where it does not exist. */
  readonly list: (base: Base) => PortCall<ReadonlyArray<DirectoryEntry>>;
  /**
   * The ids for which containerd keeps a task's bundle: every task of a runtime v2 has one from before it is made until after it is deleted
   * (`io.containerd.runtime.v2.task`, beside the CRI plugin's state directory). `NotFound` where containerd keeps its bundles elsewhere.
   */
  readonly taskBundles: (namespace: string) => PortCall<ReadonlyArray<string>>;
}

/**
 * `NotFound` for an entry that is not there, `Corrupt` for one that is no directory itself (a link, a file), `Denied` for a name that is not one
 * path segment, `Unexpected` when something below stays mounted. Under the latter three nothing is removed or moved.
 */
export interface DirectorySweeper {
  /** Unmounts what is mounted below the entry and deletes it; follows no link. */
  readonly remove: (base: Base, name: string) => PortCall<void>;
  /** Unmounts what is mounted below the entry and moves it, with a manifest, out of what containerd sweeps. */
  readonly quarantine: (base: Base, name: string, why: string) => PortCall<void>;
}

/** The file system below the CRI plugin's root and state directories. */
import type { Base, DirectoryEntry } from '../core/observation.js';
import type { PortCall } from './port-call.js';

export interface DirectoryReader {
  /** Where a base directory is. */
  readonly path: (base: Base) => string;
  /** The entries of a base directory by their own type, links not followed; `NotFound` where it does not exist. */
  readonly list: (base: Base) => PortCall<ReadonlyArray<DirectoryEntry>>;
}

export interface DirectorySweeper {
  /** Unmounts what is mounted below the entry and deletes it; follows no link. */
  readonly remove: (base: Base, name: string) => PortCall<void>;
  /** Unmounts what is mounted below the entry and moves it, with a manifest, out of what containerd sweeps. */
  readonly quarantine: (base: Base, name: string, why: string) => PortCall<void>;
}

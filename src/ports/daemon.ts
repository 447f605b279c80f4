/** The containerd daemon itself. */
import type { PortCall } from './port-call.js';

/** Tells of containerd as a whole. */
export interface Daemon {
  /** containerd's version, as in `1.7.24`; fails when there is no containerd to ask. */
  readonly version: () => PortCall<string>;
  /** Whether containerd's own CRI plugin is at work there; who acts beside it, acts against it. */
  readonly hasActiveCri: () => PortCall<boolean>;
}

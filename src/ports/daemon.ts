/** The containerd daemon itself. */
import type { PortCall } from './port-call.js';

export interface Daemon {
  /** containerd's version, as in `1.7.24`; fails when there is no containerd to ask. */
  readonly version: () => PortCall<string>;
}

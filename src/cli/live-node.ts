/**
 * A live node: containerd over its socket, the rest on the local disk.
 */
import * as E from 'fp-ts/lib/Either.js';
import { type ReadPorts, systemClock, type WritePorts } from '../ports/index.js';
import { portErrorText } from './failure-text.js';
import { showProgress } from './progress.js';
import type { NodeSettings } from './settings.js';
import type { Terminal } from './terminal.js';

/** Does something with the node's ports and shows how it goes; on the left the line that says why it was not possible. */
export const onLiveNode = async <A>(
  settings: NodeSettings,
  terminal: Terminal,
  work: (ports: ReadPorts & WritePorts) => Promise<E.Either<string, A>>,
): Promise<E.Either<string, A>> => {
  // Loaded here, because a plan from a recording needs neither.
  const { containerdPorts } = await import('../containerd/index.js');
  const { openWritableDisk } = await import('../disk/index.js');
  const { address, namespace, root, state } = settings;
  const { close, ...containerd } = containerdPorts({ address, namespace });
  const { log, erase } = showProgress(terminal);
  try {
    // Asked first, so that its absence is what is reported first.
    const version = await containerd.daemon.version()(AbortSignal.timeout(patienceMs(settings)))();
    const disk = E.isLeft(version) ? version : await openWritableDisk({ root, state })();
    if (E.isLeft(disk)) return E.left(portErrorText(disk.left, address));
    const location = { namespace, root, state };
    return await work({ location, ...containerd, ...disk.right, clock: systemClock, log });
  } finally {
    close();
    erase();
  }
};

const patienceMs = ({ limits }: NodeSettings): number => Math.min(limits.itemTimeoutMs, limits.deadlineMs);

/**
 * Observing a live node: containerd over its socket, the rest from the local disk.
 */
import * as E from 'fp-ts/lib/Either.js';
import { type Observation, observe, type PortError } from '../index.js';
import { type Log, type ReadPorts, systemClock } from '../ports/index.js';
import type { NodeSettings } from './arguments.js';
import { failureText, portErrorText } from './failure-text.js';
import { showProgress } from './progress.js';
import type { Terminal } from './terminal.js';

interface LiveNode {
  readonly ports: ReadPorts;
  readonly close: () => void;
}

/** Observes the node and shows progress; on the left the line that says why it was not possible. */
export const observeLive = async (
  settings: NodeSettings,
  terminal: Terminal,
): Promise<E.Either<string, Observation>> => {
  const { log, erase } = showProgress(terminal);
  const node = await openNode(settings, log);
  if (E.isLeft(node)) return E.left(portErrorText(node.left, settings.address));
  try {
    const observation = await observe({ limits: settings.limits })(node.right.ports)();
    return E.mapLeft(failureText(settings.address))(observation);
  } finally {
    node.right.close();
    erase();
  }
};

/** Asks containerd first, so that its absence is what is reported first, then opens the directories. */
const openNode = async (settings: NodeSettings, log: Log): Promise<E.Either<PortError, LiveNode>> => {
  // Loaded here, because a plan from a recording needs neither.
  const { containerdPorts } = await import('../containerd/index.js');
  const { openDisk } = await import('../disk/index.js');
  const { address, namespace, root, state, limits } = settings;
  const { close, ...containerd } = containerdPorts({ address, namespace });
  const version = await containerd.daemon.version()(AbortSignal.timeout(limits.itemTimeoutMs))();
  const disk = E.isLeft(version) ? version : await openDisk({ root, state })();
  if (E.isRight(disk)) {
    const location = { namespace, root, state };
    return E.right({ ports: { location, ...containerd, ...disk.right, clock: systemClock, log }, close });
  }
  close();
  return disk;
};

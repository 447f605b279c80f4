/**
 * A live node: containerd over its socket, the rest on the local disk.
 */
import * as E from 'fp-ts/lib/Either.js';
import { type Ports, type ReadPorts, type StayPorts, systemClock, type WritePorts } from '../ports/index.js';
import type { LogTrouble } from '../stdio/index.js';
import { portErrorText } from './failure-text.js';
import { showProgress } from './progress.js';
import type { NodeSettings } from './settings.js';
import type { Terminal } from './terminal.js';

/** Does something with the node's ports while it shows how it goes; on the left the line that says why it was not possible. */
type Work<P, A> = (ports: P, eraseProgress: () => void) => Promise<E.Either<string, A>>;

export const onLiveNode = async <A>(
  settings: NodeSettings,
  terminal: Terminal,
  work: Work<ReadPorts & WritePorts & Pick<StayPorts, 'exits'>, A>,
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
    return await work({ location, ...containerd, ...disk.right, clock: systemClock, log }, erase);
  } finally {
    close();
    erase();
  }
};

/** The same for who stays there, with containers' streams; troubles with their logs are told as they come. */
export const onStayedNode = <A>(
  settings: NodeSettings,
  terminal: Terminal,
  onTrouble: (trouble: LogTrouble) => void,
  work: Work<Ports, A>,
): Promise<E.Either<string, A>> =>
  onLiveNode(settings, terminal, async (ports, eraseProgress) => {
    const { openContainerIo } = await import('../stdio/index.js');
    const { close, ...containerIo } = openContainerIo({ state: settings.state, onTrouble });
    try {
      return await work({ ...ports, containerIo }, eraseProgress);
    } finally {
      await close();
    }
  });

const patienceMs = ({ limits }: NodeSettings): number => Math.min(limits.itemTimeoutMs, limits.deadlineMs);

/** One recovery over the real adapters. */
import * as E from 'fp-ts/lib/Either.js';
import { containerdPorts } from '../../../src/containerd/index.js';
import { openWritableDisk } from '../../../src/disk/index.js';
import { describePortError } from '../../../src/index.js';
import { silentLog, systemClock } from '../../../src/ports/index.js';
import { namespace } from '../measure/place.js';
import { measureRecovery } from './measure-recovery.js';
import type { Recovered, RecoverInput } from './messages.js';

export const recoverOnce = async ({
  address,
  root,
  state,
  policy,
  closely = false,
}: RecoverInput): Promise<Recovered> =>
  measureRecovery({ policy, closely }, async () => {
    const disk = await openWritableDisk({ root, state })();
    if (E.isLeft(disk)) throw new Error(describePortError(disk.left));
    const { close, exits: _, ...containerd } = containerdPorts({ address, namespace });
    const ports = {
      location: { namespace, root, state },
      ...containerd,
      ...disk.right,
      clock: systemClock,
      log: silentLog,
    };
    return { ports, close };
  });

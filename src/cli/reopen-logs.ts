/** What logrotate expects of SIGHUP: every container's output goes on in a new file at its log's path. */
import * as E from 'fp-ts/lib/Either.js';
import type { Plan } from '../index.js';
import type { StayPorts } from '../ports/index.js';
import { containerText } from './item-names.js';
import { printable } from './printable.js';
import type { Terminal } from './terminal.js';

/** Reopens the logs of those containers that are attached, each within a time, and tells on standard error how it went. */
export const reopenLogs = async (
  { containerIo }: Pick<StayPorts, 'containerIo'>,
  containers: Plan['containers'],
  timeoutMs: number,
  terminal: Terminal,
): Promise<void> => {
  const reopen = async ({ record }: Plan['containers'][number]): Promise<0 | 1> => {
    const reopened = await containerIo.reopenLog(record.id)(AbortSignal.timeout(timeoutMs))();
    if (E.isRight(reopened)) return 1;
    if (reopened.left._tag !== 'NotFound') {
      const line = `the log of ${containerText(record)} was not reopened: ${reopened.left.message}`;
      terminal.err(`cri-recovery: ${printable(line)}\n`);
    }
    return 0;
  };
  const reopened = await Promise.all(containers.map(reopen));
  const count = reopened.filter(Boolean).length;
  terminal.err(`cri-recovery: SIGHUP: ${count} ${count === 1 ? 'log' : 'logs'} reopened\n`);
};

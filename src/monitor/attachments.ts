/** What is attached for as long as somebody stays, so that all of it can be let go. */
import debug from 'debug';
import * as E from 'fp-ts/lib/Either.js';
import { type Attend, attendWith } from '../attend.js';
import { answer, withDeadline } from '../bounds/deadline.js';
import type { Limits } from '../bounds/limits.js';
import { describePortError } from '../core/failure.js';
import type { Id } from '../core/identity.js';
import type { StayPorts } from '../ports/index.js';

const trace = debug('cri-recovery:monitor');

export interface Attachments {
  /** Attaches, and remembers it. */
  readonly attend: Attend;
  /** Lets go of the streams of one container, once what was read of them is written. */
  readonly letGo: (id: Id) => Promise<void>;
  readonly letGoOfAll: () => Promise<void>;
}

export const openAttachments = (ports: Pick<StayPorts, 'containerIo'>, limits: Limits): Attachments => {
  const attached = new Set<Id>();
  const attend = attendWith(ports);
  const letGo = async (id: Id): Promise<void> => {
    if (!attached.delete(id)) return;
    const call = { port: 'container-io', operation: 'detach', subject: id } as const;
    // Under no signal: whoever stops wants it to be done.
    const detached = await withDeadline(limits.itemTimeoutMs, new AbortController().signal, (short) =>
      answer(call, () => ports.containerIo.detach(id), short),
    )();
    if (E.isRight(detached)) return;
    trace('%s', describePortError(detached.left));
    // Whoever stops tries once more.
    attached.add(id);
  };
  return {
    attend: (step, signal) => {
      // Noted first: what is given up on may be attached all the same.
      if (step._tag === 'AttachIo') attached.add(step.id);
      return attend(step, signal);
    },
    letGo,
    letGoOfAll: async () => {
      await Promise.all([...attached].map(letGo));
    },
  };
};

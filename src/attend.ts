/**
 * One attachment through its port: what takes part in the node for as long as somebody stays.
 */
import * as E from 'fp-ts/lib/Either.js';
import type * as T from 'fp-ts/lib/Task.js';
import { answer } from './bounds/deadline.js';
import type { Attachment, Outcome } from './core/action.js';
import type { StayPorts } from './ports/index.js';

/** Does an attachment under a signal. Never rejects. */
export type Attend = (step: Attachment, signal: AbortSignal) => T.Task<Outcome>;

/** Attaches through the ports; exits are subscribed to for all, so that nothing is left to do for one. */
export const attendWith =
  ({ containerIo }: Pick<StayPorts, 'containerIo'>): Attend =>
  (step, signal) =>
  async () => {
    const call = { port: 'container-io', subject: step.id } as const;
    switch (step._tag) {
      case 'AttachIo': {
        const attach = () => containerIo.attach(step.id, step.stdio, step.logPath);
        const attached = await answer({ ...call, operation: 'attach' }, attach, signal)();
        return E.isRight(attached) ? { _tag: 'Done' } : { _tag: 'Failed', error: attached.left };
      }
      case 'CreateIo': {
        const create = () => containerIo.create(step.id, step.streams);
        const created = await answer({ ...call, operation: 'create' }, create, signal)();
        return E.isRight(created)
          ? { _tag: 'IoCreated', stdio: created.right }
          : { _tag: 'Failed', error: created.left };
      }
      case 'WatchExit':
        return { _tag: 'Done' };
    }
  };

/** For those who recover once and go: nothing is attached that would end with them. */
export const nobodyStays: Attend = () => async () => notAttended;

/** What becomes of an attachment then. */
export const notAttended: Outcome = { _tag: 'Skipped', why: 'nobody stays' };

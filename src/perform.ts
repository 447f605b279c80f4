/**
 * One action through its port. What the port answers with becomes the outcome that the tables settle.
 */
import * as E from 'fp-ts/lib/Either.js';
import type * as T from 'fp-ts/lib/Task.js';
import { answer } from './bounds/deadline.js';
import type { Action, DeleteTask, Outcome } from './core/action.js';
import { orphanReason } from './core/decide-orphans.js';
import type { Call, PortCall, WritePorts } from './ports/index.js';

/** Performs an action. Never rejects. */
export const perform =
  (ports: WritePorts, action: Action, signal: AbortSignal): T.Task<Outcome> =>
  async () => {
    const call = callOf(action);
    const result = await answer(call, () => portCallOf(ports, action), signal)();
    if (E.isRight(result)) return { _tag: 'Done' };
    return result.left._tag === 'NotFound' && isDoneWhenAbsent(action)
      ? { _tag: 'Absent' }
      : { _tag: 'Failed', error: result.left };
  };

const callOf = (action: Action): Call => {
  switch (action._tag) {
    case 'DeleteTask':
      return { port: 'tasks', operation: 'delete', subject: action.id };
    case 'KeepAside':
      return { port: 'checkpoints', operation: 'keepAside', subject: action.id };
    case 'WriteCheckpoint':
      return { port: 'checkpoints', operation: 'write', subject: action.id };
    case 'AdoptImage':
      return { port: 'images', operation: 'adopt', subject: action.image.name };
    case 'RemoveDirectory':
      return { port: 'directories', operation: 'remove', subject: action.name };
    case 'QuarantineDirectory':
      return { port: 'directories', operation: 'quarantine', subject: action.name };
  }
};

const portCallOf = (ports: WritePorts, action: Action): PortCall<void> => {
  switch (action._tag) {
    case 'DeleteTask':
      return ports.tasks.delete(action.id, isToBeKilled(action));
    case 'KeepAside':
      return ports.checkpoints.keepAside(action.id);
    case 'WriteCheckpoint':
      return ports.checkpoints.write(action.id, action.checkpoint);
    case 'AdoptImage':
      return ports.images.adopt(action.image, action.id);
    case 'RemoveDirectory':
      return ports.directories.remove(action.base, action.name);
    case 'QuarantineDirectory':
      return ports.directories.quarantine(action.base, action.name, orphanReason(action.base.kind));
  }
};

/** What had ended, or was never started, and runs by now is somebody's. */
const isToBeKilled = ({ state }: DeleteTask): boolean => state === 'paused' || state === 'unanswering';

/** What is to go and has gone already is done; what is to be there is not. */
const isDoneWhenAbsent = ({ _tag }: Action): boolean => _tag !== 'WriteCheckpoint' && _tag !== 'AdoptImage';

/** The node as it is found next time: what the performed steps have done to a container's task and file. */
import * as E from 'fp-ts/lib/Either.js';
import type { ContainerStep, Performed } from '../../src/core/action.js';
import type { ObservedContainer } from '../../src/core/observation.js';
import { portError } from './tables/readings.js';

const noTask = E.left(portError('tasks', 'NotFound'));
const noFile = E.left(portError('checkpoints', 'NotFound'));

/** The unknown flag is never stored, whatever a step carries. */
const leave = (node: ObservedContainer, { step, outcome }: Performed<ContainerStep>): ObservedContainer => {
  const isDone = outcome._tag === 'Done';
  const isGone = outcome._tag === 'Absent';
  switch (step._tag) {
    case 'WriteCheckpoint': {
      const { status, rest } = step.checkpoint;
      return isDone ? { ...node, checkpoint: E.right({ status: { ...status, unknown: false }, rest }) } : node;
    }
    case 'KeepAside':
      return isDone || isGone ? { ...node, checkpoint: noFile } : node;
    case 'DeleteTask':
      return isDone || isGone ? { ...node, task: noTask } : node;
    case 'WatchExit':
      return isGone ? { ...node, task: noTask } : node;
    case 'AttachIo':
    case 'CreateIo':
      return node;
  }
};

export const replay = (
  observed: ObservedContainer,
  performed: ReadonlyArray<Performed<ContainerStep>>,
): ObservedContainer => performed.reduce(leave, observed);

/** What containerd publishes of tasks that end, as notices: exits below one topic, processes killed for want of memory below another. */
import { type DescMessage, fromBinary, type MessageShape } from '@bufbuild/protobuf';
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import { goZeroTime } from '../core/task.js';
import type { ExitNotice } from '../ports/index.js';
import type { Envelope } from './proto/gen/events_pb.js';
import { type TaskExit, TaskExitSchema, type TaskOOM, TaskOOMSchema } from './proto/gen/task-events_pb.js';
import { toNanoseconds } from './time.js';

const exitTopic = '/tasks/exit';
const outOfMemoryTopic = '/tasks/oom';

export const taskTopics: ReadonlyArray<string> = [exitTopic, outOfMemoryTopic];

/** What an event tells, or why it tells nothing. */
export const toNotice = (envelope: Envelope): E.Either<string, ExitNotice> => {
  switch (envelope.topic) {
    case exitTopic:
      return pipe(payloadOf(TaskExitSchema, envelope), E.map(toExit));
    case outOfMemoryTopic:
      return pipe(payloadOf(TaskOOMSchema, envelope), E.map(toOutOfMemory));
    default:
      return E.left('nobody asked for that topic');
  }
};

/** Of a type URL only what stands behind the last slash names the type; containerd writes nothing before it. */
const payloadOf = <S extends DescMessage>(schema: S, { event }: Envelope): E.Either<string, MessageShape<S>> => {
  if (event === undefined) return E.left('there is no payload');
  const type = event.typeUrl.slice(event.typeUrl.lastIndexOf('/') + 1);
  if (type !== schema.typeName) return E.left(`the payload is of type ${JSON.stringify(event.typeUrl)}`);
  return E.tryCatch(() => fromBinary(schema, event.value, { readUnknownFields: false }), String);
};

const toExit = ({ containerId, id, pid, exitStatus, exitedAt }: TaskExit): ExitNotice => ({
  _tag: 'Exit',
  exit: { containerId, processId: id, pid, exitStatus, exitedAt: toNanoseconds(exitedAt) || goZeroTime },
});

const toOutOfMemory = ({ containerId }: TaskOOM): ExitNotice => ({ _tag: 'OutOfMemory', containerId });

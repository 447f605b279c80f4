/** Exits as containerd's event service tells them. */
import { randomUUID } from 'node:crypto';
import debug from 'debug';
import * as E from 'fp-ts/lib/Either.js';
import type { Call, ExitNotice, ExitSubscriber, PortError } from '../ports/index.js';
import { ask } from './ask.js';
import type { ContainerdConnection } from './connect.js';
import { endingWith } from './ending.js';
import { follow } from './follow.js';
import { knock } from './knock.js';
import type { Envelope } from './proto/gen/events_pb.js';
import { taskTopics, toNotice } from './task-events.js';

const log = debug('cri-recovery:containerd');

const call: Call = { port: 'exits', operation: 'subscribe', subject: '' };

/**
 * Tells exits over the connection of all other calls. A notice that nobody has asked for yet waits, at containerd when there are many; none
 * is dropped. A containerd that hangs is not noticed: it looks like one that has nothing to tell.
 */
export const exitSubscriber = (connection: ContainerdConnection): ExitSubscriber => ({
  subscribe: (signal) => subscription(connection, signal),
});

const subscription = async function* (
  connection: ContainerdConnection,
  signal: AbortSignal,
): AsyncGenerator<ExitNotice, void> {
  const { namespace } = connection;
  const ownTopic = `/cri-recovery/open/${randomUUID()}`;
  const filters = [...taskTopics, ownTopic].map((topic) => filterFor(namespace, topic));
  const ending = endingWith([signal]);
  const broken: { by?: PortError } = {};
  const breakOff = (error: PortError): void => {
    broken.by ??= error;
    ending.end();
  };
  const knocking = knock(call, publish(connection, ownTopic), ending.signal, breakOff);
  const noticesIn = onceOpen(namespace, ownTopic, knocking.stop);
  try {
    const envelopes = follow(connection, call, ending.signal, ({ events }, options) =>
      events.subscribe({ filters }, options),
    );
    for await (const envelope of envelopes) {
      if (E.isLeft(envelope)) breakOff(envelope.left);
      else
        for (const notice of noticesIn(envelope.right)) {
          if (signal.aborted) return;
          yield notice;
        }
    }
  } finally {
    knocking.stop();
    ending.end();
  }
  if (broken.by !== undefined && !signal.aborted) yield { _tag: 'Broken', error: broken.by };
};

/** containerd reads quoted values as Go does, which knows every escape that JSON has. */
const filterFor = (namespace: string, topic: string): string =>
  `namespace==${JSON.stringify(namespace)},topic==${JSON.stringify(topic)}`;

const publish = (connection: ContainerdConnection, topic: string) =>
  ask(connection, { ...call, operation: 'publish' }, ({ events }, options) =>
    events.publish({ topic, event: { typeUrl: 'type.googleapis.com/google.protobuf.Empty' } }, options),
  );

/** What each event tells: nothing until our own is heard, with that `Open` and all that was kept back, then everything as it comes. */
const onceOpen = (namespace: string, ownTopic: string, onOpen: () => void) => {
  const started = performance.now();
  let keptBack: ExitNotice[] | undefined = [];
  return (envelope: Envelope): ReadonlyArray<ExitNotice> => {
    if (envelope.namespace !== namespace) return [];
    if (envelope.topic === ownTopic) {
      if (keptBack === undefined) return [];
      const notices: ReadonlyArray<ExitNotice> = [{ _tag: 'Open' }, ...keptBack];
      keptBack = undefined;
      onOpen();
      log('exits subscribe %s ms open', (performance.now() - started).toFixed(1));
      return notices;
    }
    const notice = toNotice(envelope);
    if (E.isLeft(notice)) {
      // An exit, perhaps, that is told by nobody: whoever follows exits looks at all tasks from time to time anyway.
      log('exits subscribe: an event of %o says nothing: %s', envelope.topic, notice.left);
      return [];
    }
    if (keptBack === undefined) return [notice.right];
    keptBack.push(notice.right);
    return [];
  };
};

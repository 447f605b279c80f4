/** containerd's event service as a test wants it: every event goes to every subscriber, whatever the filters say. */
import { create, type DescMessage, type MessageInitShape } from '@bufbuild/protobuf';
import { anyPack } from '@bufbuild/protobuf/wkt';
import type { ConnectRouter, HandlerContext } from '@connectrpc/connect';
import type { EnvelopeSchema } from '../../src/containerd/proto/gen/events_pb.js';
import { Events } from '../../src/containerd/proto/gen/events_pb.js';
import { TaskExitSchema, TaskOOMSchema } from '../../src/containerd/proto/gen/task-events_pb.js';

export type Event = MessageInitShape<typeof EnvelopeSchema>;

/** A payload as containerd writes it: its type URL has no prefix. */
const payload = <S extends DescMessage>(schema: S, fields: MessageInitShape<S>) => {
  const { value } = anyPack(schema, create(schema, fields));
  return { typeUrl: schema.typeName, value };
};

export const exitEvent = (fields: MessageInitShape<typeof TaskExitSchema>): Event => ({
  namespace: 'k8s.io',
  topic: '/tasks/exit',
  event: payload(TaskExitSchema, fields),
});

export const outOfMemoryEvent = (containerId: string): Event => ({
  namespace: 'k8s.io',
  topic: '/tasks/oom',
  event: payload(TaskOOMSchema, { containerId }),
});

interface Subscriber {
  readonly tell: (event: Event | undefined) => void;
}

export class FakeEvents {
  /** How long containerd takes to register a subscription, and what it has to tell as soon as it has. */
  registersAfterMs = 0;
  firstEvents: ReadonlyArray<Event> = [];
  readonly filters: Array<ReadonlyArray<string>> = [];
  readonly published: Event[] = [];
  /** How many events have gone out to the subscribers. */
  sent = 0;
  readonly #subscribers = new Set<Subscriber>();
  readonly #open = new Set<HandlerContext>();

  /** Streams that containerd still has open. */
  get open(): number {
    return this.#open.size;
  }

  /** Subscriptions that what is published from now on goes to. */
  get registered(): number {
    return this.#subscribers.size;
  }

  publish(event: Event): void {
    for (const { tell } of this.#subscribers) tell(event);
  }

  /** Ends all streams, as if all were well. */
  endStreams(): void {
    for (const { tell } of this.#subscribers) tell(undefined);
  }

  readonly subscribe = async function* (
    this: FakeEvents,
    { filters }: { readonly filters: ReadonlyArray<string> },
    context: HandlerContext,
  ): AsyncGenerator<Event> {
    this.filters.push(filters);
    this.#open.add(context);
    await new Promise((resolve) => setTimeout(resolve, this.registersAfterMs));
    const waiting: Array<Event | undefined> = [...this.firstEvents];
    let wake = (): void => undefined;
    const subscriber: Subscriber = {
      tell: (event) => {
        waiting.push(event);
        wake();
      },
    };
    const leave = (): void => {
      this.#subscribers.delete(subscriber);
      this.#open.delete(context);
      wake();
    };
    context.signal.addEventListener('abort', leave);
    if (context.signal.aborted) leave();
    if (!context.signal.aborted) this.#subscribers.add(subscriber);
    while (!context.signal.aborted) {
      while (waiting.length > 0) {
        const event = waiting.shift();
        if (event === undefined) return leave();
        yield event;
        this.sent += 1;
      }
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  }.bind(this);

  readonly receive = (topic: string, event: Event['event'], namespace: string): Record<string, never> => {
    this.published.push({ topic, namespace, ...(event && { event }) });
    this.publish({ topic, namespace, ...(event && { event }) });
    return {};
  };

  readonly routes = (router: ConnectRouter): void => {
    router.service(Events, {
      subscribe: this.subscribe,
      publish: ({ topic, event }, { requestHeader }) =>
        this.receive(topic, event, requestHeader.get('containerd-namespace') ?? ''),
    });
  };
}

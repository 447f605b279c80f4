/** Standing between a caller and any ports, fake or real: every call can be watched, delayed or answered otherwise. */
import * as E from 'fp-ts/lib/Either.js';
import type { PortError, PortName } from '../core/failure.js';
import type { Base } from '../core/observation.js';
import { baseNames, type Call, type ExitNotice } from '../ports/index.js';

/** What a call answers with. */
export type Answer = E.Either<PortError, unknown>;

/** What is done in place of a call; `run` makes the call itself. */
export type Around = (call: Call, run: () => Promise<Answer>) => Promise<Answer>;

/**
 * The same ports with `around` in place of every port call, when it is run; opening a subscription counts as a call too, and one that is
 * answered by an error is a broken subscription. What is no call (the clock, the log, a path) is left as it is.
 */
export const aroundCalls = <P extends object>(ports: P, around: Around): P =>
  mapOperations(ports, (port, operation, invoke) => (...given) => {
    const made = invoke(...given);
    const call: Call = { port: portNameOf(port), operation, subject: subjectOf(ports, port, given) };
    if (typeof made === 'function')
      return (signal: AbortSignal) => () => around(call, () => made(signal)() as Promise<Answer>);
    if (isAsyncIterable(made)) return opened(made, () => around(call, async () => E.right(undefined)));
    return made;
  });

type Operation = (...given: ReadonlyArray<unknown>) => unknown;

/** The same ports with every function of every port replaced; what is no object of functions is left as it is. */
export const mapOperations = <P extends object>(
  ports: P,
  replace: (port: string, operation: string, invoke: Operation) => Operation,
): P => {
  const replaced = Object.entries(ports).map(([port, value]: [string, unknown]) => {
    if (typeof value !== 'object' || value === null) return [port, value];
    const operations = operationsOf(value).map(([name, invoke]) => [name, replace(port, name, invoke)]);
    return [port, { ...value, ...Object.fromEntries(operations) }];
  });
  return Object.fromEntries(replaced) as P;
};

/** The functions of an object with its prototypes' methods, so that a port may be made by a class. */
const operationsOf = (port: object): ReadonlyArray<[string, Operation]> => {
  const names = new Set<string>();
  for (let holder = port; holder !== null && holder !== Object.prototype; holder = Object.getPrototypeOf(holder))
    for (const name of Object.getOwnPropertyNames(holder)) names.add(name);
  names.delete('constructor');
  return [...names].flatMap((name): ReadonlyArray<[string, Operation]> => {
    const value: unknown = Reflect.get(port, name);
    return typeof value === 'function' ? [[name, (...given) => Reflect.apply(value, port, given)]] : [];
  });
};

/** `containerIo` is the one port whose key is not its name. */
const portNameOf = (key: string): PortName => (key === 'containerIo' ? 'container-io' : key) as PortName;

/** What a call is for, as adapters say it in their errors: an id, a path, an image's name, or nothing for a whole list. */
const subjectOf = (ports: object, port: string, given: ReadonlyArray<unknown>): string => {
  const [first, second] = given;
  if (isBase(first)) {
    const path = pathOf(Reflect.get(ports, port), first);
    return typeof second === 'string' ? `${path}/${second}` : path;
  }
  if (isObject(first) && 'name' in first) return String(first.name);
  return typeof first === 'string' || typeof first === 'number' ? String(first) : '';
};

const isBase = (value: unknown): value is Base => isObject(value) && 'area' in value && 'kind' in value;

/** Only a reader knows where its bases are. */
const pathOf = (port: unknown, base: Base): string =>
  isObject(port) && 'path' in port && typeof port.path === 'function'
    ? String(port.path(base))
    : `${base.area}/${baseNames[base.kind]}`;

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

const isAsyncIterable = (value: unknown): value is AsyncIterable<ExitNotice> =>
  isObject(value) && Symbol.asyncIterator in value;

const opened = async function* (
  notices: AsyncIterable<ExitNotice>,
  open: () => Promise<Answer>,
): AsyncGenerator<ExitNotice> {
  const answer = await open();
  if (E.isLeft(answer)) yield { _tag: 'Broken', error: answer.left };
  else yield* notices;
};

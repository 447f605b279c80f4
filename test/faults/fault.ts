/** Everything that can happen to a call, and the calls it can happen to. */
import type { Call, PortError, PortName } from '../../src/ports/index.js';
import { halfWay } from './half-way.js';
import type { MadeCall } from './made-calls.js';

type Tag = PortError['_tag'];

/** `Late` heeds its signal, as adapters should; `LateAllTheSame` is carried out when its caller has long given up. */
export type Mishap =
  | { readonly _tag: 'Error'; readonly error: Tag }
  | { readonly _tag: 'Late'; readonly ms: number }
  | { readonly _tag: 'Never' }
  /** Carried out, and the reply is lost on its way. */
  | { readonly _tag: 'LostReply'; readonly error: Tag }
  | { readonly _tag: 'LostForGood' }
  | { readonly _tag: 'LateAllTheSame'; readonly ms: number }
  /** Given up in the middle. */
  | { readonly _tag: 'HalfDone'; readonly error: Tag }
  /** The process dies there. */
  | { readonly _tag: 'Death'; readonly when: 'before' | 'within' | 'after' };

/**
 * The nth of the calls that are the same, counted from 1, or every call of a port or of one of its operations. Not the nth of all: which of two
 * items that are read side by side comes first is nobody's promise.
 */
export type Site =
  | { readonly _tag: 'Nth'; readonly nth: number; readonly call: Call }
  | { readonly _tag: 'Every'; readonly port: PortName; readonly operation?: string };

export interface Fault {
  readonly site: Site;
  readonly mishap: Mishap;
}

const tags: ReadonlyArray<Tag> = ['NotFound', 'Denied', 'Unavailable', 'TimedOut', 'Corrupt', 'NoSpace', 'Unexpected'];

/** Milliseconds: an item may take more than the first and less than the second. */
export const limits = { itemTimeoutMs: 3_000, deadlineMs: 20_000 };
const late = { within: 1_500, beyond: 4_000 };

const toAny: ReadonlyArray<Mishap> = [
  ...tags.map((error): Mishap => ({ _tag: 'Error', error })),
  { _tag: 'Late', ms: late.within },
  { _tag: 'Late', ms: late.beyond },
  { _tag: 'Never' },
];

const toWrites: ReadonlyArray<Mishap> = [
  ...tags.map((error): Mishap => ({ _tag: 'LostReply', error })),
  { _tag: 'LostForGood' },
  { _tag: 'LateAllTheSame', ms: late.beyond },
];

const toHalfWay: ReadonlyArray<Mishap> = [
  { _tag: 'HalfDone', error: 'TimedOut' },
  { _tag: 'Death', when: 'within' },
];

/** Every fault that a run can meet that makes these calls when it is undisturbed. */
export const faultsFor = (calls: ReadonlyArray<MadeCall>): ReadonlyArray<Fault> => [
  ...calls.flatMap((made, index) => {
    const nth = calls.slice(0, index + 1).filter(({ call }) => isSame(call, made.call)).length;
    const site: Site = { _tag: 'Nth', nth, call: made.call };
    return mishapsTo(made).map((mishap) => ({ site, mishap }));
  }),
  ...placesOf(calls).flatMap((site) => everyMishap(site, calls).map((mishap) => ({ site, mishap }))),
];

/** A read that is carried out and not answered is a read that is not answered. */
const mishapsTo = ({ call, isWrite, before }: MadeCall): ReadonlyArray<Mishap> => [
  ...toAny,
  { _tag: 'Death', when: 'before' },
  ...(isWrite ? [...toWrites, { _tag: 'Death', when: 'after' } as const] : []),
  ...(halfWay(before, call) === undefined ? [] : toHalfWay),
];

type Place = Extract<Site, { readonly _tag: 'Every' }>;

const everyMishap = (place: Place, calls: ReadonlyArray<MadeCall>): ReadonlyArray<Mishap> =>
  calls.some(({ call, isWrite }) => isWrite && isAt(place, call)) ? [...toAny, ...toWrites] : toAny;

/** Ports and operations that are called more than once. */
const placesOf = (calls: ReadonlyArray<MadeCall>): ReadonlyArray<Place> => {
  const places = calls.flatMap(
    ({ call: { port, operation } }): ReadonlyArray<Place> => [
      { _tag: 'Every', port },
      { _tag: 'Every', port, operation },
    ],
  );
  const named = new Map(places.map((place) => [`${place.port} ${place.operation}`, place]));
  const callsAt = (place: Place): number => calls.filter(({ call }) => isAt(place, call)).length;
  return [...named.values()].filter((place) => callsAt(place) > 1);
};

/** Whether a fault is meant for a call; it counts those that it is asked about. */
export const struckBy = ({ site }: Fault): ((call: Call) => boolean) => {
  if (site._tag === 'Every') return (call) => isAt(site, call);
  let same = 0;
  return (call) => {
    if (!isSame(site.call, call)) return false;
    same += 1;
    return same === site.nth;
  };
};

const isSame = (one: Call, other: Call): boolean =>
  one.port === other.port && one.operation === other.operation && one.subject === other.subject;

const isAt = ({ port, operation }: Place, call: Call): boolean =>
  port === call.port && (operation ?? call.operation) === call.operation;

export const describeFault = ({ site, mishap }: Fault): string => {
  const { _tag, ...details } = mishap;
  const what = `${_tag} ${Object.values(details).join(' ')}`.trim();
  return site._tag === 'Nth'
    ? `${what} at ${site.call.port}.${site.call.operation} ${site.call.subject}, time ${site.nth}`
    : `${what} at every ${site.port}.${site.operation ?? '*'}`;
};

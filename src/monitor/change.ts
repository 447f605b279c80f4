/** What an embedder is told while somebody stays. */
import type { ContainerDecision } from '../core/container-decision.js';
import type { SandboxDecision } from '../core/decide-sandbox.js';
import type { PortError, RecoveryFailure } from '../core/failure.js';

/** A sandbox or a container as it is known. */
export type Decision = ContainerDecision | SandboxDecision;

/** What is told while somebody stays with a node. */
export type Change =
  /** Its status, its checkpoint or what is odd about it is another than before; `performed` says what has been done. */
  | { readonly _tag: 'ContainerChanged'; readonly before: ContainerDecision; readonly now: ContainerDecision }
  | { readonly _tag: 'SandboxChanged'; readonly before: SandboxDecision; readonly now: SandboxDecision }
  /** Exits are not heard of until `ConnectionBack`; what happens meanwhile is asked for then. */
  | { readonly _tag: 'ConnectionLost'; readonly error: PortError }
  | { readonly _tag: 'ConnectionBack' }
  /** The watch has ended by itself; always the last. */
  | { readonly _tag: 'Ended'; readonly failure: RecoveryFailure };

export const isContainer = (decision: Decision): decision is ContainerDecision => 'recalled' in decision;

/** The change from one decision about an item to the next; none where an embedder would see no difference. */
export const changeBetween = (before: Decision, now: Decision): Change | undefined => {
  if (isContainer(before) && isContainer(now)) {
    const isSame =
      isSameValue(before.status, now.status) &&
      isUnwritten(before) === isUnwritten(now) &&
      isSameValue(codesOf(before), codesOf(now));
    return isSame ? undefined : { _tag: 'ContainerChanged', before, now };
  }
  if (isContainer(before) || isContainer(now)) return undefined;
  const isSame = isSameValue(before.status, now.status) && isSameValue(codesOf(before), codesOf(now));
  return isSame ? undefined : { _tag: 'SandboxChanged', before, now };
};

const isUnwritten = ({ checkpoint }: ContainerDecision): boolean => checkpoint === 'dirty';

const codesOf = ({ findings }: Decision): ReadonlyArray<string> => findings.map(({ code }) => code).sort();

/** Flat values only. */
const isSameValue = (a: object, b: object): boolean => {
  const [ours, theirs] = [Object.entries(a), Object.entries(b)];
  return ours.length === theirs.length && ours.every(([key, value]) => Reflect.get(b, key) === value);
};

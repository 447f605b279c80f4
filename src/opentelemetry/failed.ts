/** What went wrong, as a span says it: `error.type`, which is a tag of ours, and a status with the words for it. */
import { type Span, SpanStatusCode } from '@opentelemetry/api';
import * as O from 'fp-ts/lib/Option.js';
import type { Performed } from '../core/action.js';
import {
  describePortError,
  describeRecoveryFailure,
  type ItemFailure,
  type PortError,
  type RecoveryFailure,
} from '../core/failure.js';

export interface Failed {
  readonly tag: string;
  readonly message: string;
}

export const failedRun = (failure: RecoveryFailure): Failed => ({
  tag: failure._tag,
  message: describeRecoveryFailure(failure),
});

export const failedItem = ({ tag, message }: ItemFailure): Failed => ({ tag, message });

/** Named after the first of them. */
export const failedCalls = ([first, ...others]: ReadonlyArray<PortError>): O.Option<Failed> =>
  first === undefined
    ? O.none
    : O.some({ tag: first._tag, message: [first, ...others].map(describePortError).join('; ') });

export const failedSteps = (performed: ReadonlyArray<Performed>): O.Option<Failed> =>
  failedCalls(performed.flatMap(({ outcome }) => (outcome._tag === 'Failed' ? [outcome.error] : [])));

/** What had not ended when its run did: the run has failed, and nobody waits for it. */
export const unfinished: Failed = { tag: 'Unfinished', message: 'the run ended before it did' };

/** Ends a span, which says so where it failed. */
export const endSpan = (span: Span, failed: O.Option<Failed>): void => {
  if (O.isSome(failed)) {
    const { tag, message } = failed.value;
    span.setAttribute('error.type', tag);
    span.setStatus({ code: SpanStatusCode.ERROR, message });
  }
  span.end();
};

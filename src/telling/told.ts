/** Work that is told of from its beginning to its end. */
import * as E from 'fp-ts/lib/Either.js';
import * as O from 'fp-ts/lib/Option.js';
import type * as T from 'fp-ts/lib/Task.js';
import type * as TE from 'fp-ts/lib/TaskEither.js';
import type { RecoveryFailure } from '../core/failure.js';
import type { Plan } from '../core/plan.js';
import type { Happening, Log } from '../ports/index.js';
import { type Tell, tellNobody, tellOf } from './tell.js';

type Told<Tag extends Happening['_tag']> = Omit<Extract<Happening, { readonly _tag: Tag }>, '_tag'>;

/** How many there have been in this process. */
let runs = 0;

/** A run of its own, however many go on at the same time; `planOf` gives the plan in what it comes to. */
export const toldRun =
  <A>(
    log: Log,
    began: Told<'RunBegan'>,
    planOf: (value: A) => O.Option<Plan>,
    work: (tell: Tell) => TE.TaskEither<RecoveryFailure, A>,
  ): TE.TaskEither<RecoveryFailure, A> =>
  async () => {
    runs += 1;
    const tell = tellOf(log, runs);
    tell({ _tag: 'RunBegan', ...began });
    const result = await work(tell)();
    tell({ _tag: 'RunEnded', result: E.map(planOf)(result) });
    return result;
  };

/** A phase of a run. */
export const toldPhase = <A>(
  tell: Tell,
  phase: Told<'PhaseBegan'>,
  work: TE.TaskEither<RecoveryFailure, A>,
): TE.TaskEither<RecoveryFailure, A> =>
  toldBetween(tell, { _tag: 'PhaseBegan', ...phase }, work, (result) => ({
    _tag: 'PhaseEnded',
    ...phase,
    failure: O.getLeft(result),
  }));

/** Work between two events; nothing but the work where nobody listens. */
export const toldBetween = <A>(
  tell: Tell,
  began: Happening,
  work: T.Task<A>,
  ended: (value: A) => Happening,
): T.Task<A> =>
  tell === tellNobody
    ? work
    : async () => {
        tell(began);
        const value = await work();
        tell(ended(value));
        return value;
      };

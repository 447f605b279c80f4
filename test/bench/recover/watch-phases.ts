/**
 * When each phase of a recovery ends, as far as that shows from outside: by what it tells its log and by a few calls through its ports. Nothing
 * is done for each item but a look at the clock.
 */
import type { ReadPorts, WritePorts } from '../../../src/ports/index.js';
import type { Phases } from './messages.js';

type AllPorts = ReadPorts & WritePorts;

/** The same ports, and the phases of the one recovery that goes through them, which began at `began`. */
export const watchPhases = (
  ports: AllPorts,
  began: number,
): { readonly ports: AllPorts; readonly phases: (ended: number) => Phases } => {
  const at: Partial<Record<'observing' | 'listed' | 'tasksListed' | 'observed' | 'acting', number>> = {};
  const first = (mark: keyof typeof at): void => {
    at[mark] ??= performance.now();
  };
  const { clock, log, tasks, checkpoints, lock } = ports;
  const noting = <F extends (...given: never[]) => unknown>(call: F): F =>
    ((...given) => {
      first('acting');
      return call(...given);
    }) as F;
  const watched: AllPorts = {
    ...ports,
    // Its first use is the time of the observation.
    clock: {
      now: () => {
        first('observing');
        return clock.now();
      },
    },
    tasks: {
      ...tasks,
      list: () => (signal) => async () => {
        const answer = await tasks.list()(signal)();
        first('tasksListed');
        return answer;
      },
      delete: noting(tasks.delete),
    },
    log: {
      progress: (event) => {
        if (event._tag === 'Listed') first('listed');
        if (event._tag === 'ItemObserved') at.observed = performance.now();
        log.progress(event);
      },
    },
    checkpoints: {
      ...checkpoints,
      write: noting(checkpoints.write),
      keepAside: noting(checkpoints.keepAside),
      collectStale: noting(checkpoints.collectStale),
    },
    // Given back in the end; where nothing was to be done, that is the first sign of a decision.
    lock: { ...lock, release: noting(lock.release) },
  };
  const phases = (ended: number): Phases => {
    let last = began;
    const until = (end: number | undefined): number => {
      const lasted = Math.max(0, (end ?? last) - last);
      last += lasted;
      return lasted;
    };
    return {
      enter: until(at.observing),
      lists: until(at.listed),
      tasks: until(at.tasksListed),
      items: until(at.observed),
      decide: until(at.acting),
      act: until(ended),
    };
  };
  return { ports: watched, phases };
};

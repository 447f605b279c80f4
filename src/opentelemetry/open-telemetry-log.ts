/** The log port as spans and metrics, through the providers that are registered with `@opentelemetry/api`. */
import type { Log } from '../ports/index.js';
import { countChange, timeRun } from './metrics.js';
import { type Hear, openSpans } from './spans.js';

/**
 * A log that makes a trace of every observation, plan and recovery, below the span that is active as it begins, and counts what came of it. One
 * serves any number of them at the same time.
 *
 * @example
 * const ports = { ...fakePorts(fakeNode()), log: openTelemetryLog() };
 * const { containers } = await createPlanner(ports).plan();
 */
export const openTelemetryLog = (): Log => {
  const runs = new Map<number, Hear>();
  return {
    progress: (event) => {
      switch (event._tag) {
        case 'Changed':
          return countChange(event);
        case 'RunBegan':
          runs.set(event.run, openRun(event));
          return;
        default: {
          // What is told after the end of its run belongs to no span.
          const hear = runs.get(event.run);
          if (event._tag === 'RunEnded') runs.delete(event.run);
          hear?.(event);
        }
      }
    },
  };
};

const openRun = (began: Parameters<typeof openSpans>[0]): Hear => {
  const hearForSpans = openSpans(began);
  const countRun = timeRun(began);
  return (event) => {
    hearForSpans(event);
    if (event._tag === 'RunEnded') countRun(event);
  };
};

/** Exits for as long as somebody listens: a subscription that breaks is followed by another. */
import { type ExitNotice, type ExitSubscriber, portError } from '../ports/index.js';
import { reconnectMs } from './back-off.js';
import { pause } from './pause.js';

/**
 * Hands over every notice until the signal fires. Each subscription begins with `Open` and ends with `Broken`, so that between those two
 * nothing is known of what happens.
 */
export const listen = async (
  exits: ExitSubscriber,
  signal: AbortSignal,
  hear: (notice: ExitNotice) => void,
): Promise<void> => {
  let failed = 0;
  while (!signal.aborted) {
    let isBroken = false;
    let openedAt = Number.POSITIVE_INFINITY;
    try {
      for await (const notice of exits.subscribe(signal)) {
        if (notice._tag === 'Open') openedAt = performance.now();
        isBroken = notice._tag === 'Broken';
        if (!signal.aborted) hear(notice);
      }
      if (!isBroken && !signal.aborted) hear(broken('the subscription has ended'));
    } catch (thrown) {
      if (!signal.aborted) hear(broken(thrown instanceof Error ? thrown.message : String(thrown), thrown));
    }
    // One that breaks as soon as it is open is no better than none.
    failed = performance.now() - openedAt > lastingMs ? 1 : failed + 1;
    await pause(reconnectMs(failed), signal);
  }
};

/** A subscription that has lasted so long was a good one. */
const lastingMs = 10_000;

const broken = (message: string, cause?: unknown): ExitNotice => ({
  _tag: 'Broken',
  error: portError('Unexpected', { port: 'exits', operation: 'subscribe', subject: '' }, message, cause),
});

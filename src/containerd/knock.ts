/**
 * The proof that a subscription is open. containerd registers one some time after the request, and answers with nothing at all until there
 * is an event to send: so an event of our own is published until it is heard.
 */
import * as E from 'fp-ts/lib/Either.js';
import { type Call, type PortCall, type PortError, portError } from '../ports/index.js';

/** As long as a request takes to be under way: an event that overtakes it is lost, and costs a whole pause. */
const headStartMs = 5;
const firstPauseMs = 50;
const longestPauseMs = 1_000;
const patienceMs = 10_000;

/** Publishes, and again after ever longer pauses, until stopped. Where that fails, or stays unheard for 10 s, it gives up, once. */
export const knock = (
  call: Call,
  publish: PortCall<unknown>,
  signal: AbortSignal,
  giveUp: (error: PortError) => void,
): { readonly stop: () => void } => {
  const stopping = new AbortController();
  const stopped = stopping.signal;
  const stop = (): void => {
    clearTimeout(timer);
    stopping.abort();
  };
  const fail = (error: PortError): void => {
    if (!stopped.aborted) giveUp(error);
    stop();
  };
  const late = portError('TimedOut', call, `no event came through within ${patienceMs / 1_000} s`);
  const timer = setTimeout(() => fail(late), patienceMs);
  const goOn = async (): Promise<void> => {
    await pause(headStartMs, stopped);
    for (let pauseMs = firstPauseMs; !stopped.aborted; pauseMs = Math.min(2 * pauseMs, longestPauseMs)) {
      const answer = await publish(signal)();
      if (E.isLeft(answer)) fail({ ...answer.left, ...call });
      else await pause(pauseMs, stopped);
    }
  };
  void goOn();
  return { stop };
};

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const wake = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', wake);
      resolve();
    };
    const timer = setTimeout(wake, ms);
    signal.addEventListener('abort', wake);
    if (signal.aborted) wake();
  });

/** `watch`: recovers a live node, shows what was done, and stays. */
import * as E from 'fp-ts/lib/Either.js';
import type { Recovering } from './arguments.js';
import { hearSignals } from './hear-signals.js';
import { onStayedNode } from './live-node.js';
import type { OwnProcess } from './own-process.js';
import type { Elapsed } from './plan-command.js';
import { stay } from './stay.js';
import type { ExitCode, Terminal } from './terminal.js';
import { openTroubles } from './troubles.js';

/** How long whoever reads standard output has for the rest of it, once somebody has said that it is to end. */
const readerGraceMs = 1_000;

export const watchNode = async (
  command: Recovering,
  elapsedMs: Elapsed,
  terminal: Terminal,
  own: OwnProcess,
): Promise<E.Either<string, ExitCode>> => {
  const heard = hearSignals(own, terminal);
  const troubles = openTroubles();
  const ended = await onStayedNode(command.node, terminal, troubles.tell, (ports, eraseProgress) =>
    stay(command, ports, { terminal, own, heard, troubles, elapsedMs, eraseProgress }),
  );
  heard.forget();
  if (heard.stopping.aborted) own.exit(E.isRight(ended) ? ended.right : 3, readerGraceMs);
  return ended;
};

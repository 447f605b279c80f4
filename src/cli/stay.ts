/** The watch itself, over the ports of a node: the recovery, then every change as it happens, until somebody or something ends it. */
import * as E from 'fp-ts/lib/Either.js';
import {
  encodeChange,
  type RecoveryFailure,
  type ReportedChange,
  reportChange,
  reportPlan,
  type Watch,
  watch,
} from '../index.js';
import type { Ports } from '../ports/index.js';
import type { LogTrouble } from '../stdio/index.js';
import type { Recovering } from './arguments.js';
import { changeText } from './change-text.js';
import { failureText } from './failure-text.js';
import type { Heard } from './hear-signals.js';
import type { OwnProcess } from './own-process.js';
import type { Elapsed } from './plan-command.js';
import { printableJson } from './printable.js';
import { reopenLogs } from './reopen-logs.js';
import { exitCodeOf } from './summary.js';
import type { ExitCode, Terminal } from './terminal.js';
import type { Troubles } from './troubles.js';

/** What a watch has around it. */
export interface Surroundings {
  readonly terminal: Terminal;
  readonly own: OwnProcess;
  readonly heard: Heard;
  readonly troubles: Troubles;
  readonly elapsedMs: Elapsed;
  readonly eraseProgress: () => void;
}

/** Recovers and stays. On the left the line that says why there was no recovery, or why the watch has ended by itself. */
export const stay = async (
  { node, policy, alongsideCri, json }: Recovering,
  ports: Ports,
  { terminal, own, heard, troubles, elapsedMs, eraseProgress }: Surroundings,
): Promise<E.Either<string, ExitCode>> => {
  const { limits } = node;
  const unwanted = AbortSignal.any([heard.stopping, own.unread]);
  const begun = await watch({ policy, alongsideCri, limits, signal: unwanted })(ports)();
  eraseProgress();
  if (E.isLeft(begun)) {
    return E.left(heard.stopping.aborted ? stoppedText(heard.stopping) : failureText(node.address)(begun.left));
  }
  const watching = begun.right;
  const report = reportPlan(watching.recovered, elapsedMs());
  const over = new AbortController();
  const end = watching.stopped.then(() => over.abort());
  const whileWanted = AbortSignal.any([unwanted, over.signal]);
  heard.onHangup(() => {
    if (whileWanted.aborted) return;
    void reopenLogs(ports, watching.current().containers, limits.itemTimeoutMs, terminal);
  });
  /** The next change is taken when the reader has room again, or when nobody is waited for any more. */
  const tell = async (change: ReportedChange): Promise<void> => {
    terminal.out(json ? printableJson(encodeChange(change)) : changeText(change, terminal));
    await own.drained(whileWanted);
  };
  const now = ports.clock.now;
  await tell({ change: 'recovered', at: now(), report });
  const toldTroubles = (async () => {
    for await (const trouble of troubles.values) await tell(reportTrouble(trouble, now(), watching));
  })();
  let failure: RecoveryFailure | undefined;
  for await (const change of watching.changes) {
    if (change._tag === 'Ended') failure = change.failure;
    await tell(reportChange(change, now()));
  }
  await end;
  troubles.end();
  await toldTroubles;
  if (failure !== undefined) return E.left(`the watch has ended: ${failureText(node.address)(failure)}`);
  return E.right(exitCodeOf(report));
};

const stoppedText = ({ reason }: AbortSignal): string => `stopped by ${reason} before the node was recovered`;

const reportTrouble = ({ id, phase, error, dropped }: LogTrouble, at: bigint, { current }: Watch): ReportedChange => {
  const name = current().containers.find(({ record }) => record.id === id)?.record.name ?? '';
  return { change: 'io-trouble', at, id, name, phase, error: error.message, dropped };
};

/** One recovery over any ports, measured from the moment the ports are opened. */
import * as E from 'fp-ts/lib/Either.js';
import { containerState } from '../../../src/core/container-status.js';
import { describeRecoveryFailure, type Plan, policies, recover } from '../../../src/index.js';
import type { ReadPorts, WritePorts } from '../../../src/ports/index.js';
import { cpuMsSince } from '../measure/cpu.js';
import { longestBlock } from '../measure/lateness.js';
import { collectGarbage, forgetPeak, peakBytes, residentBytes } from '../measure/memory.js';
import type { Recovered, RecoverInput, Tally } from './messages.js';
import { watchPhases } from './watch-phases.js';

export interface OpenPorts {
  readonly ports: ReadPorts & WritePorts;
  readonly close: () => void;
}

export const measureRecovery = async (
  { policy, closely }: Required<Pick<RecoverInput, 'policy' | 'closely'>>,
  open: () => Promise<OpenPorts>,
): Promise<Recovered> => {
  const once = async () => {
    const cpu = process.cpuUsage();
    const began = performance.now();
    const { ports, close } = await open();
    const watched = watchPhases(ports, began);
    const recovered = await recover({ policy: policies[policy] })(watched.ports)();
    const ended = performance.now();
    const cpuMs = cpuMsSince(cpu);
    close();
    if (E.isLeft(recovered)) throw new Error(describeRecoveryFailure(recovered.left));
    return { plan: recovered.right, tookMs: ended - began, cpuMs, phases: watched.phases(ended) };
  };
  const { result, ...closer } = closely ? await lookedAtClosely(once) : { ...unseen, result: await once() };
  const { plan, ...times } = result;
  return { ...times, ...closer, ...tallies(plan) };
};

const unseen = { peak: 0, retained: 0, blockMs: 0 };

const lookedAtClosely = async <A>(work: () => Promise<A>) => {
  collectGarbage();
  forgetPeak();
  const idle = { resident: residentBytes(), heap: process.memoryUsage().heapUsed };
  const { result, blockMs } = await longestBlock(work);
  const peak = peakBytes() - idle.resident;
  collectGarbage();
  return { result, peak, retained: process.memoryUsage().heapUsed - idle.heap, blockMs };
};

const tallies = ({ containers, sandboxes, failures }: Plan) => ({
  containers: tally(containers.map(({ status }) => containerState(status))),
  sandboxes: tally(sandboxes.map(({ status }) => status.state)),
  failures: failures.length,
});

const tally = (states: ReadonlyArray<string>): Tally => {
  const counts: Record<string, number> = {};
  for (const state of states) counts[state] = (counts[state] ?? 0) + 1;
  return counts;
};

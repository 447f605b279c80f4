/** The entry point `./stdio`: the output of containers read into CRI logs, new FIFOs, standard input; and the log format on its own. */
export { type LogLines, linesOf, type StreamName } from './log-lines.js';
export { type LogRecord, mostText, noOutput, restOfOutput, type SplitOutput, splitOutput } from './log-records.js';
export type { LogTrouble } from './log-trouble.js';
export { type ContainerIoAdapter, type ContainerIoOptions, openContainerIo } from './open-container-io.js';
export { openStdin } from './stdin.js';

/** A report on standard output, and the exit code that goes with it. */
import { encodeReport, type Report } from '../index.js';
import { printableJson } from './printable.js';
import { reportText } from './report-text.js';
import { exitCodeOf } from './summary.js';
import type { ExitCode, Terminal } from './terminal.js';

export const showReport = (report: Report, json: boolean, terminal: Terminal): ExitCode => {
  terminal.out(json ? printableJson(encodeReport(report)) : reportText(report, terminal.columns, terminal.paint));
  return exitCodeOf(report);
};

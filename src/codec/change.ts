/** A change as a line of JSON, schema `cri-recovery/change@1`: items in the form of the report, int64 values as decimal strings. */
import type { ReportedChange } from '../core/change-report.js';
import { int64AsText, reportDocument, sandboxDocument } from './report.js';

/** The schema's name, the first field of every line. */
export const changeSchema = 'cri-recovery/change@1';

/** One JSON document without line breaks, and a line break at the end. */
export const encodeChange = (told: ReportedChange): string => {
  const { change, at } = told;
  return `${JSON.stringify({ schema: changeSchema, change, at, ...documentOf(told) }, int64AsText)}\n`;
};

const documentOf = (told: ReportedChange): object => {
  switch (told.change) {
    case 'recovered':
      return { ...told, report: reportDocument(told.report) };
    case 'sandbox':
      return { ...told, sandbox: sandboxDocument(told.sandbox) };
    case 'container':
    case 'connection-lost':
    case 'connection-back':
    case 'io-trouble':
    case 'ended':
      return told;
  }
};

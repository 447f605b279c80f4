/**
 * The report as JSON, schema `cri-recovery/report@1`: int64 values as decimal strings, what could not be told as null.
 */
import type { Report, ReportedSandbox } from '../core/report.js';

/** The schema's name, the first field of the document. */
export const reportSchema = 'cri-recovery/report@1';

/** One JSON document, two spaces of indent, a line break at the end. */
export const encodeReport = (report: Report): string => `${JSON.stringify(reportDocument(report), int64AsText, 2)}\n`;

/** The document as a value, but for its int64 values. */
export const reportDocument = (report: Report): object => ({
  schema: reportSchema,
  ...report,
  sandboxes: report.sandboxes.map(sandboxDocument),
});

/** A sandbox of the document. */
export const sandboxDocument = ({ netns, ...sandbox }: ReportedSandbox): object => ({
  ...sandbox,
  netns: netns.mode === 'host' ? netns : { ...netns, present: netns.present ?? null },
});

/** For `JSON.stringify`. */
export const int64AsText = (_: string, value: unknown): unknown =>
  typeof value === 'bigint' ? value.toString() : value;

/** What Prometheus would make of the agent's metrics. */
import parse from 'parse-prometheus-text-format';
import { expect } from 'vitest';
import { httpGet } from './http-get.js';

export interface Scraped {
  readonly up: number | undefined;
  /** Counts by the value of the label that they are told apart by; of findings, by code. */
  readonly containers: Readonly<Record<string, number>>;
  readonly sandboxes: Readonly<Record<string, number>>;
  readonly findings: Readonly<Record<string, number>>;
  readonly orphans: Readonly<Record<string, number>>;
  readonly looks: Readonly<Record<string, number>>;
  /** Looks that the histogram of durations has. */
  readonly timed: number;
}

export const scraped = async (port: number): Promise<Scraped> => {
  const { status, type, body } = await httpGet({ port }, '/metrics');
  expect([status, type]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8']);
  expect(body.endsWith('\n')).toBe(true);
  const families = parse(body);
  for (const { help, type: kind } of families) expect([help === '', kind === 'UNTYPED']).toEqual([false, false]);
  const samples = (name: string) => families.find((family) => family.name === `cri_recovery_${name}`)?.metrics ?? [];
  const numberOf = (text: string | undefined): number => {
    expect(text).toMatch(/^\d+(\.\d+)?$/);
    return Number(text);
  };
  const by = (name: string, label: string): Record<string, number> =>
    Object.fromEntries(samples(name).map(({ labels, value }) => [labels?.[label] ?? '', numberOf(value)]));
  return {
    up: samples('up').map(({ value }) => numberOf(value))[0],
    containers: by('containers', 'state'),
    sandboxes: by('sandboxes', 'state'),
    findings: by('findings', 'code'),
    orphans: by('orphaned_directories', 'would'),
    looks: by('looks_total', 'answered'),
    timed: numberOf(samples('look_duration_seconds')[0]?.count),
  };
};

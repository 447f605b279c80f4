/**
 * The spans of one run: itself, its phases below it, and below each phase the items it went through. An observation that nothing follows is one
 * span, which is its phase as well.
 */
import { type Attributes, context, type Span, trace } from '@opentelemetry/api';
import * as E from 'fp-ts/lib/Either.js';
import * as O from 'fp-ts/lib/Option.js';
import type { ItemFailure } from '../core/failure.js';
import { policyName } from '../core/policy-name.js';
import { reportActions } from '../core/report.js';
import type { Happening } from '../ports/index.js';
import { endSpan, type Failed, failedCalls, failedItem, failedRun, failedSteps, unfinished } from './failed.js';

type Of<Tag extends Happening['_tag']> = Extract<Happening, { readonly _tag: Tag }>;

/** Takes what comes after the beginning of a run, one event after the other. */
export type Hear = (event: Exclude<Happening, Of<'RunBegan'>>) => void;

/** Begins the span of a run, below the one that is active. With the last event all of its spans end. */
export const openSpans = ({ mode, policy }: Of<'RunBegan'>): Hear => {
  const tracer = trace.getTracer('cri-recovery');
  const around = context.active();
  const start = (name: string, attributes: Attributes, within = around): Span =>
    tracer.startSpan(`cri-recovery.${name}`, { attributes }, within);
  const run = start(mode, O.isSome(policy) ? { 'cri_recovery.policy': policyName(policy.value) } : {});
  /** Phases by name, of which there is never one twice at a time, and items by phase, kind and id. */
  const open = new Map<string, Span>();
  const phaseSpan = (phase: string): Span => open.get(phase) ?? run;
  const begin = (key: string, parent: Span, name: string, attributes: Attributes): void => {
    // What is listed twice and read twice is one item.
    if (!open.has(key)) open.set(key, start(name, attributes, trace.setSpan(around, parent)));
  };
  const beginItem = (phase: string, item: Item): void =>
    begin(keyOf(phase, item), phaseSpan(phase), `${phase}.${item.kind}`, {
      'cri_recovery.item.kind': item.kind,
      'cri_recovery.item.id': item.id,
    });
  const end = (key: string, failed: O.Option<Failed>, attributes: Attributes = {}): void => {
    const span = open.get(key);
    if (span === undefined) return;
    open.delete(key);
    endSpan(span.setAttributes(attributes), failed);
  };
  const endRun = ({ result }: Of<'RunEnded'>): void => {
    // Items before their phases.
    for (const key of [...open.keys()].reverse()) end(key, O.some(unfinished));
    if (E.isRight(result) && O.isSome(result.right)) noteFailures(run, result.right.value.failures);
    endSpan(run, E.isLeft(result) ? O.some(failedRun(result.left)) : O.none);
  };

  return (event) => {
    switch (event._tag) {
      case 'PhaseBegan':
        if (mode === 'observe') return;
        return begin(event.phase, run, event.phase, { 'cri_recovery.part': event.part });
      case 'PhaseEnded':
        return end(event.phase, O.map(failedRun)(event.failure));
      case 'Listed': {
        const { sandboxes, containers, images } = event;
        const listed = {
          'cri_recovery.sandboxes': sandboxes,
          'cri_recovery.containers': containers,
          'cri_recovery.images': images,
        };
        phaseSpan('observe').setAttributes(listed);
        return;
      }
      case 'TaskListStalled':
        phaseSpan('observe').addEvent('task list stalled', { 'cri_recovery.after_ms': event.afterMs });
        return;
      case 'ItemObserving':
        return beginItem('observe', event);
      case 'ItemObserved':
        return end(keyOf('observe', event), failedCalls(event.errors), { 'cri_recovery.answered': event.answered });
      case 'ItemActing':
        return beginItem('act', event);
      case 'ItemActed': {
        const key = keyOf('act', event);
        if (E.isLeft(event.result)) return end(key, O.some(failedItem(event.result.left)));
        const { performed, findings } = event.result.right;
        const actions = reportActions({ steps: [], performed });
        return end(key, failedSteps(performed), {
          'cri_recovery.actions': actions.map(({ action, outcome }) => `${action} ${outcome}`),
          'cri_recovery.findings': findings.map(({ code }) => code),
        });
      }
      case 'RunEnded':
        return endRun(event);
    }
  };
};

type Item = Pick<Of<'ItemActing'>, 'kind' | 'id'>;

const keyOf = (phase: string, { kind, id }: Item): string => `${phase} ${kind} ${id}`;

const noteFailures = (run: Span, failures: ReadonlyArray<ItemFailure>): void => {
  for (const { kind, id, tag, message } of failures) {
    run.addEvent('item failed', {
      'cri_recovery.item.kind': kind,
      'cri_recovery.item.id': id,
      'error.type': tag,
      'cri_recovery.message': message,
    });
  }
};

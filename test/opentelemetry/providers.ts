/** Providers that keep what they are given in memory, registered with the API as an embedder registers its own. */
import {
  type Attributes,
  type Context,
  type ContextManager,
  context,
  metrics,
  ROOT_CONTEXT,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  type MetricData,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
  type SpanProcessor,
} from '@opentelemetry/sdk-trace-base';

/** Contexts for as long as a call lasts, which is all that is relied on. */
class CallContexts implements ContextManager {
  #active: Context = ROOT_CONTEXT;
  active = (): Context => this.#active;
  with: ContextManager['with'] = (within, call, thisArg, ...given) => {
    const before = this.#active;
    this.#active = within;
    try {
      return call.apply(thisArg as ThisParameterType<typeof call>, given);
    } finally {
      this.#active = before;
    }
  };
  bind = <T>(_: Context, target: T): T => target;
  enable = (): this => this;
  disable = (): this => this;
}

export interface Telemetry {
  /** Spans that have ended. */
  readonly spans: () => ReadonlyArray<ReadableSpan>;
  /** `observe begins`, `observe ends` and so on, in the order it happened: the times of spans are too coarse to tell. */
  readonly moments: () => ReadonlyArray<string>;
  readonly metrics: () => Promise<ReadonlyArray<MetricData>>;
  /** What was counted: `name attribute=value …`, and how much. */
  readonly counted: () => Promise<Readonly<Record<string, number>>>;
  /** The one histogram's only value. */
  readonly duration: () => Promise<unknown>;
  readonly remove: () => void;
}

export const registerTelemetry = (): Telemetry => {
  const exporter = new InMemorySpanExporter();
  const reader = new PeriodicExportingMetricReader({
    exporter: new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE),
    exportIntervalMillis: 3_600_000,
  });
  const collect = async (): Promise<ReadonlyArray<MetricData>> =>
    (await reader.collect()).resourceMetrics.scopeMetrics.flatMap((scope) => scope.metrics);
  context.setGlobalContextManager(new CallContexts());
  const moments: string[] = [];
  const watching: SpanProcessor = {
    onStart: ({ name }) => void moments.push(`${shortened(name)} begins`),
    onEnd: ({ name }) => void moments.push(`${shortened(name)} ends`),
    forceFlush: async () => undefined,
    shutdown: async () => undefined,
  };
  trace.setGlobalTracerProvider(
    new BasicTracerProvider({ spanProcessors: [watching, new SimpleSpanProcessor(exporter)] }),
  );
  metrics.setGlobalMeterProvider(new MeterProvider({ readers: [reader] }));
  return {
    spans: () => exporter.getFinishedSpans(),
    moments: () => moments,
    metrics: collect,
    counted: async () => {
      const points = (await collect()).flatMap(({ descriptor, dataPoints }) =>
        dataPoints.map(({ attributes, value }): [string, number] => [
          `${descriptor.name} ${shown(attributes)}`,
          typeof value === 'number' ? value : value.count,
        ]),
      );
      return Object.fromEntries(points);
    },
    duration: async () => {
      const [histogram] = (await collect()).filter(({ descriptor }) => descriptor.name === 'cri_recovery.duration');
      return histogram?.dataPoints[0]?.value;
    },
    remove: () => {
      void reader.shutdown();
      for (const api of [context, trace, metrics]) api.disable();
    },
  };
};

const shown = (attributes: Attributes): string =>
  Object.entries(attributes)
    .map(([name, value]) => `${name.replace('cri_recovery.', '')}=${value}`)
    .toSorted()
    .join(' ');

const shortened = (name: string): string => name.replace('cri-recovery.', '');

/** Spans as a tree, one line each, siblings in alphabetical order: names, ids, and what failed. */
export const treeOf = (spans: ReadonlyArray<ReadableSpan>): ReadonlyArray<string> => {
  const below = (parent: string | undefined, indent: string): ReadonlyArray<string> =>
    spans
      .filter(({ parentSpanContext }) => parentSpanContext?.spanId === parent)
      .map((span): [string, ReadableSpan] => [lineOf(span), span])
      .toSorted(([one], [other]) => (one < other ? -1 : 1))
      .flatMap(([line, span]) => [indent + line, ...below(span.spanContext().spanId, `${indent}  `)]);
  return below(undefined, '');
};

const lineOf = ({ name, attributes, status }: ReadableSpan): string => {
  const words = [
    shortened(name),
    attributes['cri_recovery.part'] ?? '',
    attributes['cri_recovery.item.id'] ?? '',
    status.code === SpanStatusCode.ERROR ? `! ${attributes['error.type']}: ${status.message}` : '',
  ];
  return words.filter((word) => word !== '').join(' ');
};
